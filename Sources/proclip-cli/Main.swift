@main struct Main { static func main() { print("proclip 0.1.0") } }
