package import ImageModel
package import JSONText

/// What an operation changed, once it counted: an entry of the history.
///
/// It has no `outcome`, so an agent that knows only records of boots takes its slot for an empty one.
package struct OperationRecord: Equatable, Sendable {
    /// The operations that are on record.
    package enum Kind: String, CaseIterable, Sendable {
        /// A new image was given a role.
        case upgrade
        /// Active and passive were exchanged.
        case rollback
        /// Recovery's image, or that of a source, was deployed again.
        case reset
        /// An expandable disk was completed with recovery's image.
        case install
    }

    /// The operation.
    package var kind: Kind
    /// The role that got another image.
    package var role: Role
    /// The image that it got.
    package var image: ImageID
    /// The image that it had; nil when it had none, or nobody knows.
    package var former: ImageID?
    /// Name and version of the image it got; nil when nobody knows.
    package var title: String?
    /// The boot in which it was done (`/proc/sys/kernel/random/boot_id`).
    package var bootID: String
    /// Seconds since 1970 by the machine's clock, which may be wrong.
    package var time: Int64
    /// Characters of the title that are kept.
    private static let titleLimit = 100

    /// Makes a record.
    package init(
        _ kind: Kind, _ role: Role, image: ImageID, former: ImageID?, title: String?, bootID: String, time: Int64
    ) {
        self.kind = kind
        self.role = role
        self.image = image
        self.former = former
        self.title = title.map { String($0.prefix(Self.titleLimit)) }
        self.bootID = bootID
        self.time = time
    }

    /// Whether the image was put on its partition by it, so that what befell an earlier copy says nothing any more.
    package var placesImage: Bool { kind != .rollback }
}

extension OperationRecord {
    /// The record as JSON.
    package var json: JSONValue {
        var object = JSONObject([])
        object["operation"] = .string(kind.rawValue)
        object["role"] = .string(role.rawValue)
        object["image"] = .string(image.description)
        object["former"] = former.map { .string($0.description) }
        object["title"] = title.map { .string($0) }
        object["boot"] = .string(bootID)
        object["time"] = .integer(time)
        return .object(object)
    }

    /// Reads a record; nil when a member is missing or unknown.
    package init?(json: JSONValue) {
        guard let kind = json["operation"]?.text.flatMap(Kind.init(rawValue:)),
            let role = json["role"]?.text.flatMap(Role.init(rawValue:)),
            let image = json["image"]?.text.flatMap({ ImageID($0) }),
            let bootID = json["boot"]?.text, let time = json["time"]?.integer
        else { return nil }
        self.init(
            kind, role, image: image, former: json["former"]?.text.flatMap { ImageID($0) },
            title: json["title"]?.text, bootID: bootID, time: time)
    }
}
