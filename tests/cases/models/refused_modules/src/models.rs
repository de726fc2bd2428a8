mod lost;
mod circle;
#[path = "models.rs"]
mod itself;
mod broken;
