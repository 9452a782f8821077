@main struct Main { static func main() { print("proclip-bench") } }
