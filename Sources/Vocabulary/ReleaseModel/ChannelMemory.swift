package import Faults
package import ImageModel
import JSONText
package import SystemPackage

/// Remembers of each channel its name, and when the newest document was issued: `/lifeboot/channel.json` on the state
/// partition.
package struct ChannelMemory: Equatable, Sendable {
    /// The file on the state partition.
    package static let file: FilePath = "lifeboot/channel.json"
    /// The largest file that is read, in bytes.
    package static let sizeLimit = 64 * 1024

    /// When the newest document that was seen was issued, by the channel's reference.
    package var issued: [String: UTCTime] = [:]
    /// The name that the documents had, by the channel's reference; a file of an earlier agent has none.
    package var names: [String: String] = [:]

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
        for member in value["names"]?.object?.members ?? [] {
            guard let name = member.value.text else { throw ChannelError("$.names", "no name for \(member.name)") }
            names[member.name] = name
        }
    }

    /// Notes that a document was seen; the time never goes back.
    package mutating func note(_ reference: String, name: String? = nil, issued time: UTCTime) {
        issued[reference] = max(issued[reference] ?? time, time)
        if let name { names[reference] = name }
    }

    /// Refuses another channel under the reference of one that was followed.
    ///
    /// - Parameter allowsOther: whether the operator accepts another one.
    /// - Throws: `Refusal`.
    package func check(_ reference: String, name: String, allowsOther: Bool) throws(Refusal) {
        guard let known = names[reference], known != name, !allowsOther else { return }
        throw Refusal(
            .product, "following", reference, cause: "it is the channel \(name), and this machine followed \(known)",
            remedy: "Ask who publishes it, or add --allow-other-product to follow this one from now on.")
    }

    /// The file's bytes.
    package func serialized() -> [UInt8] {
        var channels = JSONObject()
        for (reference, time) in issued.sorted(by: { $0.key < $1.key }) {
            channels[reference] = .string(time.description)
        }
        var known = JSONObject()
        for (reference, name) in names.sorted(by: { $0.key < $1.key }) { known[reference] = .string(name) }
        let json: JSONValue = ["format": 1, "channels": .object(channels), "names": .object(known)]
        return json.serialized(indented: true) + [0x0A]
    }
}
