import Archive
import Foundation
import Tensors

/// Rewrites a checkpoint until it is killed: generation g holds the value g everywhere. With PROCLIP_CRASH_AT set to
/// a boundary of `AtomicWrite`, or to `dataset-N`, it kills itself there while it writes generation 1.
@main
struct CrashWriter {
    static let tensorCount = 8

    static func main() throws {
        let path = CommandLine.arguments[1]
        let crashPoint = ProcessInfo.processInfo.environment["PROCLIP_CRASH_AT"]
        for generation in 0... {
            func crash(at point: String) {
                if generation == 1, point == crashPoint { kill(getpid(), SIGKILL) }
            }
            try AtomicWrite.replace(path, at: { crash(at: $0.rawValue) }) { temporary in
                let file = try HDF5File(writing: temporary)
                try file.setAttribute("generation", to: .integer(generation))
                for index in 0..<tensorCount {
                    try file.write(Tensor.full([64, 64], Float(generation)), at: "blocks/\(index)/weight")
                    crash(at: "dataset-\(index)")
                }
                try file.close()
            }
            if generation == 0 { try FileHandle.standardOutput.write(contentsOf: Data("ready\n".utf8)) }
        }
    }
}
