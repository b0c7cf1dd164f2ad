package import DiskContract
import GrubEnvironment
package import ImageModel
package import JSONText
import Plans

/// What the steps of an upgrade do.
package enum UpgradeAction: PlannedAction {
    /// Runs the hooks of an event, and what files of configuration have for its stage.
    case runHooks(HookEvent)
    /// Makes a partition writable for this process.
    case openStore(Store)
    /// Removes folders of a partition that no role names and nothing runs from.
    case removeLeftovers(Store, [String])
    /// Removes what no role names any more, once the commit is made.
    case removeUnused(Store)
    /// Writes a change of roles that has to be on record before the files follow.
    case recordRoles(RoleChange)
    /// Removes an image that was given up.
    case removeImage(Store, ImageID)
    /// Fetches or makes the image in a staging folder, reads it back from the disk, names it, and makes it last for GRUB.
    case writeImage(ImageCandidate, Store, staging: String)
    /// Copies an image, or with nil the one that this upgrade made active; then all is as when it is written.
    case copyImage(ImageID?, from: Store, to: Store, staging: String)
    /// Reads an image that is there already, and compares every digest.
    case verifyImage(Store, ImageID)
    /// Makes an image that has its name already last for GRUB.
    case publishImage(Store, ImageID)
    /// Changes the roles: one sector of `boot.env`.
    case commit(RoleChange)
    /// Writes down what was installed, and whether recovery is to stay what it is.
    case keepRecord(ImageCandidate, recoveryStays: Bool)
    /// Makes a partition read-only again.
    case closeStore(Store)
    /// Writes into the history that the new image has its role.
    case noteHistory(HistoryNote)
}

extension UpgradeAction {
    /// The kind of action.
    package var name: String {
        switch self {
        case .runHooks: "run-hooks"
        case .openStore: "open-partition"
        case .removeLeftovers: "remove-leftovers"
        case .removeUnused: "remove-unused"
        case .recordRoles: "record-roles"
        case .removeImage: "remove-image"
        case .writeImage: "write-image"
        case .copyImage: "copy-image"
        case .verifyImage: "verify-image"
        case .publishImage: "publish-image"
        case .commit: "commit"
        case .keepRecord: "keep-record"
        case .closeStore: "close-partition"
        case .noteHistory: "note-history"
        }
    }

    /// What it is done to.
    package var subject: String {
        switch self {
        case .runHooks(let event): "\(event)"
        case .openStore(let place), .closeStore(let place), .removeUnused(let place): "\(place)"
        case .removeLeftovers(let place, let names): "\(place): \(names.joined(separator: ", "))"
        case .recordRoles(let change), .commit(let change): "\(change)"
        case .removeImage(let place, let image), .verifyImage(let place, let image): "\(image) on \(place)"
        case .writeImage(let candidate, let place, _): "\(candidate.title) to \(place)"
        case .copyImage(let image, let from, let to, _): "\(image?.description ?? "the image") from \(from) to \(to)"
        case .publishImage(let place, _): "on \(place)"
        case .keepRecord(let candidate, _): candidate.title
        case .noteHistory(let note): "\(note)"
        }
    }

    /// One sentence on what is done and why.
    package var explanation: String {
        switch self {
        case .runHooks: HookEvent.explanation
        case .openStore: "Make the partition writable for this process; others keep seeing it read-only."
        case .removeLeftovers: "Remove what unfinished operations left; no role names it."
        case .removeUnused: "Remove the images that no role names any more, but the one that runs."
        case .recordRoles: "Change the roles on the disk first, so that no role ever names files that are gone."
        case .removeImage: "Remove the image that was given up, to make room."
        case .writeImage(let candidate, _, let staging):
            candidate.kind == .artifact
                ? "Fetch into images/\(staging), taking from local images what they have, and read it back. \(Self.naming)"
                : "Make an image of the layers in images/\(staging), sign it here, and read it back. \(Self.naming)"
        case .copyImage(_, _, _, let staging): "Copy into images/\(staging) and read the copy back. \(Self.naming)"
        case .verifyImage: "Compare the image's files with their digests; it is here already."
        case .publishImage: "Flush it, and freeze the filesystem once for GRUB."
        case .commit: "Write one sector of boot.env, after reading it again: from here on the new roles count."
        case .keepRecord: "Write down what was installed, from where and when."
        case .closeStore: "Make the partition read-only again."
        case .noteHistory: HistoryNote.explanation
        }
    }

    private static let naming = "Flush, rename to the image's id, flush again, and freeze the filesystem once for GRUB."
}

extension UpgradeAction {
    /// What later steps can count on when it was done.
    package var gives: [DeploymentProduct] {
        switch self {
        case .writeImage, .copyImage, .verifyImage: [.image]
        default: []
        }
    }

    /// What earlier steps must have given.
    package var needs: [DeploymentProduct] {
        switch self {
        case .runHooks(let event): event.needs
        case .copyImage(nil, _, _, _), .keepRecord, .noteHistory: [.image]
        case .commit(let change), .recordRoles(let change): change.takesImage ? [.image] : []
        default: []
        }
    }

    /// What it holds, for programs.
    package var json: JSONValue {
        switch self {
        case .runHooks(let event): ["event": .string(event.description)]
        case .openStore(let place), .closeStore(let place), .removeUnused(let place):
            ["partition": .string("\(place)")]
        case .removeLeftovers(let place, let names):
            ["partition": .string("\(place)"), "names": .array(names.map { .string($0) })]
        case .recordRoles(let change), .commit(let change): ["change": .string("\(change)")]
        case .removeImage(let place, let image), .verifyImage(let place, let image),
            .publishImage(let place, let image):
            ["partition": .string("\(place)"), "image": .string(image.description)]
        case .writeImage(let candidate, let place, let staging):
            ["partition": .string("\(place)"), "staging": .string(staging), "image": candidate.json]
        case .copyImage(let image, let from, let to, let staging):
            [
                "image": image.map { .string($0.description) } ?? .null, "from": .string("\(from)"),
                "to": .string("\(to)"), "staging": .string(staging),
            ]
        case .keepRecord(let candidate, let stays): ["image": candidate.json, "recoveryStays": .bool(stays)]
        case .noteHistory(let note): note.json
        }
    }
}

extension ImageCandidate {
    /// The candidate for programs.
    package var json: JSONValue {
        [
            "reference": .string(reference), "digest": .string(source.registryText),
            "kind": .string(kind.rawValue), "id": id.map { .string($0.description) } ?? .null, "name": .string(name),
            "version": .string(version), "sequence": .integer(sequence), "bytes": .integer(Int64(bytes)),
        ]
    }
}
