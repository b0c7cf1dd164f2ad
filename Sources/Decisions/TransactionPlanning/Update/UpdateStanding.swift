import ImageModel
package import JSONText

/// How a machine that nobody watches stands with its upgrades: what was decided last in this boot, and what is remembered.
///
/// It is `/run/lifeboot/update.json`, which `lifeboot upgrade --unattended` writes: what is remembered, and the decision.
package struct UpdateStanding: Equatable, Sendable {
    /// What was decided last.
    package var decision: UpdateDecision
    /// What is remembered of looks.
    package var memory: UpdateMemory

    /// States how it stands.
    package init(_ decision: UpdateDecision, _ memory: UpdateMemory) {
        (self.decision, self.memory) = (decision, memory)
    }

    /// Reads the file; nil when it says nothing, as where no machine upgrades by itself.
    package init?(parsing bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes), let memory = UpdateMemory(value),
            let decision = value["decision"].flatMap({ UpdateDecision($0) })
        else { return nil }
        self.init(decision, memory)
    }

    /// The file's bytes.
    package func serialized() -> [UInt8] {
        var document = memory.json
        document["decision"] = decision.json
        return JSONValue.object(document).serialized(indented: true) + [0x0A]
    }

    /// What is done by itself and when, when the channel answered, and why looks failed since; for people.
    package var sentence: String {
        let answered = memory.lastSuccess.map { " The channel last answered at \(Self.time($0))." } ?? ""
        guard memory.failures > 0 else { return decision.sentence + answered }
        let count = memory.failures == 1 ? "A look has failed since" : "\(memory.failures) looks have failed since"
        let last = memory.lastFailure.map {
            memory.failures == 1 ? ", at \(Self.time($0))" : ", the last at \(Self.time($0))"
        }
        return "\(decision.sentence)\(answered) \(count)\(last ?? "")" + (memory.cause.map { ": \($0)" } ?? ".")
    }

    private static func time(_ seconds: Int64) -> String { UTCTime(seconds: seconds)?.description ?? "@\(seconds)" }

    /// The same for programs.
    package var json: JSONValue {
        let number: (Int64?) -> JSONValue = { $0.map { .integer($0) } ?? .null }
        return [
            "decision": decision.json, "lastSuccess": number(memory.lastSuccess),
            "lastFailure": number(memory.lastFailure),
            "failures": .integer(Int64(memory.failures)), "cause": memory.cause.map { .string($0) } ?? .null,
        ]
    }
}

extension UpdateDecision {
    /// Reads what `json` writes; nil when it is none of ours.
    package init?(_ json: JSONValue) {
        let (reason, image) = (json["reason"]?.text ?? "", json["image"]?.text.flatMap { ImageID($0) })
        switch json["action"]?.text {
        case "upgrade": self = .upgrade
        case "reboot":
            guard let image else { return nil }
            self = .reboot(image)
        case "wait":
            guard let until = json["until"]?.integer, let waiting = Waiting(rawValue: reason) else { return nil }
            self = .wait(until: until, waiting)
        case "nothing":
            guard let obstacle = Obstacle(rawValue: reason) else { return nil }
            self = .nothing(obstacle)
        default: return nil
        }
    }
}
