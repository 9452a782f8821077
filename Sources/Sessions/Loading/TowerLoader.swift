internal import Archive
import Foundation
internal import Language
internal import Towers

/// `load tower`: an image tower without texts, in our own form or a DINOv2 in the files of Hugging Face, timm or Meta.
struct TowerLoader: PublishedModelLoader {
    let kind = HandleKind.tower
    let place =
        "a DINOv2: a folder of Hugging Face or timm, a .pth file, or org/name in the Hugging Face cache; or what save wrote "
        + "of a tower"

    func check(_ path: String, _ arguments: Arguments, in context: CheckContext) throws {
        if ModelFile.isOurs(path) {
            try checkOurs(path, arguments)
        } else {
            _ = try ForeignTower(path, options: options(arguments, in: context))
        }
    }

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        let options = options(arguments, in: session.context)
        let origin = origin(path, arguments)
        if ModelFile.isOurs(path) {
            let tower = try ModelFile.tower(path, imageSize: options.imageSize, orientation: options.orientation)
            try session.noteInputs([path])
            return TowerContent(
                tower: tower, identity: ModelIdentity(tower), origin: origin, files: [path],
                notes: [tower.image.configuration.preprocessing(source: origin).description])
        }
        let foreign = try ForeignTower(path, options: options)
        let tower = try foreign.tower()
        try session.noteInputs(foreign.weightFiles)
        return TowerContent(
            tower: tower, identity: ModelIdentity(tower),
            origin: "\(origin) (\(foreign.family.rawValue))", files: foreign.weightFiles,
            notes: [foreign.preprocessing.description])
    }
}
