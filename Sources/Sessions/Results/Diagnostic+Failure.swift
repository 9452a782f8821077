internal import Archive
import Foundation
internal import Inputs
internal import Language
internal import ProCLIP
import Towers

/// The one place that says which kind of mistake an error of the work is.
extension Diagnostic {
    init(_ error: any Error, at span: Span, in source: Source) {
        switch error {
        case let diagnostic as Diagnostic: self = diagnostic
        case let error as TrainingError: self.init(error.code, error.description, at: span, in: source)
        case ArchiveError.missingFile(let path):
            self.init(.missingFile, "there is no file \(path)", at: span, in: source)
        case ArchiveError.missingOwnFile: self.init(.missingFile, String(describing: error), at: span, in: source)
        case let error as ModelError: self.init(error.code, error.description, at: span, in: source)
        case EmbeddingError.interrupted, EmbeddingError.stopped:
            self.init(.interrupted, String(describing: error), at: span, in: source)
        case EmbeddingError.notFinite:
            self.init(.notFinite, String(describing: error), at: span, in: source)
        case EmbeddingError.unknown:
            self.init(.contradiction, String(describing: error), at: span, in: source)
        case let error as PairError: self.init(error.code, error.description, at: span, in: source)
        case PreparationError.unknownSet:
            self.init(.unknownChoice, String(describing: error), at: span, in: source)
        case let error as ConfigurationError: self.init(.contradiction, error.description, at: span, in: source)
        case let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile:
            self.init(.missingFile, "there is no file \(error.filePath ?? "")", at: span, in: source)
        case let error as CocoaError:
            let reason = (error.underlying ?? error).localizedDescription
            self.init(.failedWork, "\(error.filePath ?? "a file"): \(reason)", at: span, in: source)
        default: self.init(.failedWork, String(describing: error), at: span, in: source)
        }
    }

    /// An error about what a statement names, pointing at that value.
    init(_ error: any Error, in arguments: Arguments, at name: String) {
        self.init(error, at: arguments.span(of: name), in: arguments.source)
    }

    /// An error about a file, or about something in it, that a value names.
    init(_ error: any Error, in arguments: Arguments, at name: String, reading path: String) {
        let isInside =
            switch error {
            case ArchiveError.missingTensor, ArchiveError.misshapenTensor, ArchiveError.extraTensors,
                ArchiveError.notFinite, is ConfigurationError:
                true
            default: false
            }
        let named = isInside ? ArchiveError.unreadable(path, reason: String(describing: error)) : error
        self.init(named, in: arguments, at: name)
    }
}

extension ModelError {
    fileprivate var code: Diagnostic.Code {
        switch self {
        case .unknown, .notFetched: .missingModel
        case .noPython, .noNetwork, .downloadFailed, .wrongChecksum: .failedWork
        }
    }
}

extension PairError {
    fileprivate var code: Diagnostic.Code {
        switch self {
        case .unknown, .empty: .unknownChoice
        case .unusable, .changed: .failedWork
        case .unknownLayout: .wrongType
        case .unequalPictures: .outOfBounds
        }
    }
}

extension TrainingError {
    fileprivate var code: Diagnostic.Code {
        switch self {
        case .notFinite: .notFinite
        case .batchTooSmall, .tooFewSamples, .invalidOption, .pictureSize: .outOfBounds
        case .changed: .contradiction
        case .abandoned: .interrupted
        }
    }
}
