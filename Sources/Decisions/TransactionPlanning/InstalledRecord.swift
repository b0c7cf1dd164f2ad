package import ImageModel
import JSONText
package import ReleaseModel
package import SystemPackage

/// What was installed last, from where and when: `/lifeboot/installed.json` on the state partition.
package struct InstalledRecord: Equatable, Sendable {
    /// The file on the state partition.
    package static let file: FilePath = "lifeboot/installed.json"
    /// The largest file that is read, in bytes.
    package static let sizeLimit = 64 * 1024

    /// The image; nil when nobody knows.
    package var image: ImageID?
    /// Whether it was installed with the wish that recovery stays what it is.
    package var recoveryStays: Bool
    private let json: JSONValue

    /// Describes what was installed.
    ///
    /// - Parameter time: seconds since 1970.
    package init(_ candidate: ImageCandidate, image: ImageID?, time: Int64, recoveryStays: Bool) {
        self.image = image
        self.recoveryStays = recoveryStays
        json = [
            "format": 1, "time": UTCTime(seconds: time).map { .string($0.description) } ?? .null,
            "image": image.map { .string($0.description) } ?? .null, "source": candidate.json,
            "recoveryStays": .bool(recoveryStays),
        ]
    }

    /// Reads the file; nil when it is damaged, and then it says nothing.
    package init?(parsing bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), json["format"]?.integer == 1 else { return nil }
        self.json = json
        image = json["image"]?.text.flatMap { ImageID($0) }
        recoveryStays = json["recoveryStays"]?.bool ?? false
    }

    /// What a channel would call it: the digest of what it was published as, and the image; nil when nobody knows.
    package var release: ChannelCopy.Installed? {
        guard let image, let digest = json["source"]?["digest"]?.text.flatMap({ Digest(registryText: $0) }) else {
            return nil
        }
        return ChannelCopy.Installed(release: digest, image: image)
    }

    /// The file's bytes.
    package func serialized() -> [UInt8] { json.serialized(indented: true) + [0x0A] }
}
