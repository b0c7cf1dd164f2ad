package import GrubEnvironment
package import ImageModel
package import JSONText
import Plans

/// What one step of a reset does.
package enum ResetAction: PlannedAction {
    /// Removes what the pending reset had to remember.
    case removeRecord
    /// Runs the hooks of an event, and what files of configuration have for its stage.
    case runHooks(HookEvent)
    /// Formats the OEM partition.
    case formatOEM
    /// Formats the persistent partition.
    case formatPersistent(PersistentProtection)
    /// Notes what is still to be formatted.
    case noteFormatted(rest: WipeScope?)
    /// Checks the state filesystem, mends it, and makes it anew when nothing else helps.
    case mendState
    /// Takes the roles from the images on the state partition and deletes them, but for one.
    case giveUpImages([ImageID])
    /// Puts the image on the state partition.
    case deploy(PlannedImage)
    /// Gives the image the active role, and ends what was pending.
    case finish(PlannedImage)
    /// Deletes images that no role names.
    case deleteImages([ImageID])
    /// Writes into the history that the machine was reset.
    case noteHistory(HistoryNote)

    /// The kind of action.
    package var name: String {
        switch self {
        case .removeRecord: "write-record"
        case .runHooks: "run-hooks"
        case .formatOEM: "format-oem"
        case .formatPersistent: "format-persistent"
        case .noteFormatted: "note-formatted"
        case .mendState: "mend-state"
        case .giveUpImages: "give-up-images"
        case .deploy: "deploy-image"
        case .finish: "finish"
        case .deleteImages: "delete-images"
        case .noteHistory: "note-history"
        }
    }

    /// What it is done to.
    package var subject: String {
        switch self {
        case .removeRecord: "/\(ResetRecord.file) on the recovery partition"
        case .noteFormatted, .finish: "boot.env"
        case .runHooks(let event): event.description
        case .formatOEM: "the OEM partition"
        case .formatPersistent: "the persistent partition"
        case .mendState: "the state partition"
        case .giveUpImages(let images), .deleteImages(let images):
            images.isEmpty ? "none" : images.map(\.description).joined(separator: ", ")
        case .deploy(let image): image.description
        case .noteHistory(let note): "\(note)"
        }
    }

    /// One sentence on what is done and why.
    package var explanation: String {
        switch self {
        case .removeRecord: "Removes what an earlier reset remembered."
        case .runHooks: HookEvent.explanation
        case .formatOEM: "Everything the vendor and the user put there is lost."
        case .formatPersistent(let protection): "Everything kept there is lost; then it is \(protection.explanation)."
        case .noteFormatted(let rest): "A resumption formats \(WipeScope.text(rest)) from here on."
        case .mendState: "Its contents can be had again, so it is made anew when e2fsck cannot mend it."
        case .giveUpImages: "There is no room beside them; their roles are taken from them first."
        case .deploy(let image): "Writes, verifies and names the image, from \(image.source)."
        case .finish: "The image becomes active, on trial; nothing is pending any more."
        case .deleteImages: "No role names them any more."
        case .noteHistory: HistoryNote.explanation
        }
    }

    /// Everything it holds.
    package var json: JSONValue {
        switch self {
        case .removeRecord: ResetRecord().json
        case .noteFormatted(let wipe): ["wipe": wipe.map { .string($0.rawValue) } ?? .null]
        case .formatOEM, .mendState: [:]
        case .runHooks(let event): ["event": .string(event.description)]
        case .formatPersistent(let protection): ["protection": .string(protection.rawValue)]
        case .giveUpImages(let images), .deleteImages(let images):
            ["images": .array(images.map { .string($0.description) })]
        case .deploy(let image), .finish(let image): image.json
        case .noteHistory(let note): note.json
        }
    }

    /// What later steps can count on when it was done.
    package var gives: [DeploymentProduct] { if case .deploy = self { [.image] } else { [] } }

    /// What earlier steps must have given.
    package var needs: [DeploymentProduct] {
        switch self {
        case .finish, .deleteImages, .noteHistory: [.image]
        case .runHooks(let event): event.needs
        default: []
        }
    }
}
