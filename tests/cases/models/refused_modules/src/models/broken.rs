struct Ünfinished {
