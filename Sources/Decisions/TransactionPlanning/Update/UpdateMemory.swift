package import Faults
package import ImageModel
package import JSONText
package import SystemPackage

/// What a machine that nobody watches remembers of its looks for upgrades: `/lifeboot/update.json` on the state partition.
///
/// A file that is not there, or damaged, says nothing: then it is as if nothing had been tried.
package struct UpdateMemory: Equatable, Sendable {
    /// The file on the state partition.
    package static let file: FilePath = "lifeboot/update.json"
    /// The same below `/run/lifeboot`, for this boot alone: also where the partition cannot be written.
    package static let runtimeName = "update.json"
    /// The largest file that is read, in bytes.
    package static let sizeLimit = 64 * 1024
    /// How much of a cause is kept.
    private static let causeLimit = 400

    /// When somebody first thought of it, in seconds since 1970.
    package var firstSeen: Int64?
    /// When the channel was last asked and all was done that it asked for.
    package var lastSuccess: Int64?
    /// When it last failed.
    package var lastFailure: Int64?
    /// How often in a row it has failed.
    package var failures = 0
    /// Why it failed last.
    package var cause: String?
    /// The image for which the machine was restarted, until it runs.
    package var restartedFor: ImageID?

    /// Remembers nothing.
    package init() {}

    /// Reads the file; nil when it says nothing.
    package init?(parsing bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes) else { return nil }
        self.init(value)
    }

    /// Reads what `json` writes, whatever else is beside it; nil when it says nothing.
    init?(_ value: JSONValue) {
        guard value["format"]?.integer == 1 else { return nil }
        firstSeen = value["firstSeen"]?.integer
        lastSuccess = value["lastSuccess"]?.integer
        lastFailure = value["lastFailure"]?.integer
        failures = Int(clamping: max(0, value["failures"]?.integer ?? 0))
        cause = value["cause"]?.text
        restartedFor = value["restartedFor"]?.text.flatMap { ImageID($0) }
    }

    /// The file's bytes.
    package func serialized() -> [UInt8] { JSONValue.object(json).serialized(indented: true) + [0x0A] }

    /// The file as a document.
    package var json: JSONObject {
        let number: (Int64?) -> JSONValue = { $0.map { .integer($0) } ?? .null }
        let text: (String?) -> JSONValue = { $0.map { .string($0) } ?? .null }
        return [
            "format": 1, "firstSeen": number(firstSeen), "lastSuccess": number(lastSuccess),
            "lastFailure": number(lastFailure), "failures": .integer(Int64(failures)), "cause": text(cause),
            "restartedFor": text(restartedFor?.description),
        ]
    }

    /// Notes that all was done that the channel asked for.
    package mutating func succeed(at time: Int64) {
        (lastSuccess, lastFailure, failures, cause) = (time, nil, 0, nil)
    }

    /// Notes a failure.
    ///
    /// - Returns: whether it counts: that another operation was at work, or somebody stopped this one, says nothing of the
    ///   next try.
    package mutating func fail(at time: Int64, _ kind: RefusalKind, cause text: String) -> Bool {
        guard kind != .busy, kind != .cancelled else { return false }
        lastFailure = time
        failures += 1
        cause = String(text.prefix(Self.causeLimit))
        return true
    }

    /// The one of two that knows more: who failed to write one has written the other.
    package static func newer(_ one: UpdateMemory?, _ other: UpdateMemory?) -> UpdateMemory? {
        guard let one, let other else { return one ?? other }
        let latest: (UpdateMemory) -> Int64 = { max($0.lastSuccess ?? 0, $0.lastFailure ?? 0, $0.firstSeen ?? 0) }
        return latest(other) > latest(one) ? other : one
    }
}
