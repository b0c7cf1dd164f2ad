package import ImageModel
import JSONText
package import SystemPackage

/// Remembers when the newest document of each channel was issued: `/lifeboot/channel.json` on the state partition.
package struct ChannelMemory: Equatable, Sendable {
    /// The file on the state partition.
    package static let file: FilePath = "lifeboot/channel.json"
    /// The largest file that is read, in bytes.
    package static let sizeLimit = 64 * 1024

    /// When the newest document that was seen was issued, by the channel's reference.
    package var issued: [String: UTCTime] = [:]

    /// Remembers nothing.
    package init() {}

    /// Reads the file.
    ///
    /// - Throws: `ChannelError` when it is damaged, which is not the same as nothing seen.
    package init(parsing bytes: [UInt8]) throws(ChannelError) {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch { throw ChannelError("$", error.description) }
        guard value["format"]?.integer == 1, let channels = value["channels"]?.object else {
            throw ChannelError("$", "expected format 1 with 'channels'")
        }
        for member in channels.members {
            guard let time = member.value.text.flatMap({ UTCTime($0) }) else {
                throw ChannelError("$.channels", "no time for \(member.name)")
            }
            issued[member.name] = time
        }
    }

    /// Notes that a document was seen; the time never goes back.
    package mutating func note(_ reference: String, issued time: UTCTime) {
        issued[reference] = max(issued[reference] ?? time, time)
    }

    /// The file's bytes.
    package func serialized() -> [UInt8] {
        var channels = JSONObject()
        for (reference, time) in issued.sorted(by: { $0.key < $1.key }) {
            channels[reference] = .string(time.description)
        }
        let json: JSONValue = ["format": 1, "channels": .object(channels)]
        return json.serialized(indented: true) + [0x0A]
    }
}
