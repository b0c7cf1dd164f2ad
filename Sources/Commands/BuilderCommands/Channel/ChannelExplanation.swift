import CommandOutput
import Faults
import ImageModel
import JSONText
import ReleaseModel

/// What a machine makes of a channel, in words; what it is was decided by `ChannelDecision`.
struct ChannelExplanation {
    /// What the machine makes of the releases.
    let decision: ChannelDecision
    /// The sequence that is installed.
    let installed: Int64
    /// Why the machine refuses the channel, or the image that it would take; nil when it does not.
    var refusal: Refusal?

    /// Asks about a machine.
    init(
        _ channel: ChannelDocument, at time: UTCTime, installed: Int64, machineID: String, allowingDowngrade: Bool
    ) {
        decision = ChannelDecision(
            channel, installed: installed, machineID: machineID, allowingDowngrade: allowingDowngrade)
        self.installed = installed
        do throws(Refusal) { try channel.check(now: time, lastSeen: nil) } catch { refusal = error }
    }

    /// The release that the machine goes for; nil when there is none, or the channel is refused.
    var taken: ChannelRelease? {
        guard refusal == nil, case .release(let release, _) = decision.choice else { return nil }
        return release
    }

    /// The sequence of what is installed, out of what an operator calls it: a version of the channel, or any sequence.
    ///
    /// - Throws: `Refusal` for a version that is not in the channel.
    static func sequence(_ text: String, in channel: ChannelDocument) throws(Refusal) -> Int64 {
        if !channel.releases.contains(where: { $0.version == text }), let number = Int64(text), number >= 0 {
            return number
        }
        return try channel.release(named: text, for: "explaining").sequence
    }
}

extension ChannelExplanation {
    /// For people: the answer, then every release.
    var lines: [String] {
        var table = TextTable()
        for part in decision.parts {
            table.add([part.release.version, String(part.release.sequence), part.words])
        }
        return [answer] + table.lines
    }

    /// What the machine does, a sentence.
    var answer: String {
        if let refusal { return "The machine refuses: \(refusal)" }
        switch decision.choice {
        case .release(let release, true): return "The machine takes \(release.version), on the way to a newer one."
        case .release(let release, false): return "The machine takes \(release.version)."
        case .upToDate: return "The machine takes nothing: there is nothing newer for it."
        case .held(let release): return "The machine takes nothing: \(release.version) is not rolled out to it yet."
        case .unreachable(let release):
            return "The machine takes nothing: \(release.version) cannot be reached from what is installed."
        }
    }

    /// For programs.
    var members: JSONObject {
        [
            "installed": .integer(installed), "takes": taken.map { .integer($0.sequence) } ?? .null,
            "refusal": refusal.map { ["kind": .string($0.kind.rawValue), "message": .string("\($0)")] } ?? .null,
            "answer": .string(answer), "releases": .array(decision.parts.map { .object($0.members) }),
        ]
    }
}

extension ChannelDecision.Part {
    /// What the release is to the machine.
    var words: String {
        switch verdict {
        case .taken(isStep: false): "is taken"
        case .taken(isStep: true): "is taken first, for a newer one needs it"
        case .installed: release.withdrawn.map { "is installed, and was withdrawn: \($0)" } ?? "is installed"
        case .withdrawn(let reason): "was withdrawn: \(reason)"
        case .held(let share): "is rolled out to shares below \(release.rollout), and the machine's is \(share)"
        case .older: "is older than what is installed"
        case .needs(let minimum): "needs sequence \(minimum) first"
        case .overtaken: "is not needed: a newer one is taken"
        }
    }

    /// The verdict as one word, which is stable.
    var word: String {
        switch verdict {
        case .taken(let isStep): isStep ? "step" : "taken"
        case .installed: "installed"
        case .withdrawn: "withdrawn"
        case .held: "held"
        case .older: "older"
        case .needs: "unreachable"
        case .overtaken: "overtaken"
        }
    }

    fileprivate var members: JSONObject {
        [
            "version": .string(release.version), "sequence": .integer(release.sequence),
            "digest": .string(release.digest.registryText), "verdict": .string(word), "reason": .string(words),
        ]
    }
}
