mod good;
mod lost;
mod circle;

struct Broken {
    id: i32
    name: String,
}
