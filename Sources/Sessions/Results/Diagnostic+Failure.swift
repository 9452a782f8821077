internal import Archive
import Foundation
internal import Language
internal import ProCLIP

/// The one place that says which kind of mistake an error of the work is.
extension Diagnostic {
    init(_ error: any Error, at span: Span, in source: Source) {
        switch error {
        case let diagnostic as Diagnostic: self = diagnostic
        case let error as TrainingError: self.init(error.code, error.description, at: span, in: source)
        case ArchiveError.missingFile(let path):
            self.init(.missingFile, "there is no file \(path)", at: span, in: source)
        case let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile:
            self.init(.missingFile, "there is no file \(error.filePath ?? "")", at: span, in: source)
        case let error as CocoaError:
            self.init(.failedWork, error.localizedDescription, at: span, in: source)
        default: self.init(.failedWork, String(describing: error), at: span, in: source)
        }
    }
}

extension TrainingError {
    fileprivate var code: Diagnostic.Code {
        switch self {
        case .notFinite: .notFinite
        case .batchTooSmall, .tooFewSamples, .invalidOption: .outOfBounds
        case .changed: .contradiction
        case .abandoned: .interrupted
        }
    }
}
