import RecoveryConsole
import ReleaseModel

extension ConsoleFacts {
    /// A machine whose active image failed, and whose passive one is whole.
    static func failed(policy: ConsolePolicy = .reset) -> ConsoleFacts {
        var facts = ConsoleFacts()
        (facts.policy, facts.running, facts.image) = (policy, "acme 3.0", "0123456789abcdef")
        facts.reason = "what comes before it could not boot"
        facts.active = Choice(title: "acme 3.1", verdict: "mount-root: the root does not match its signature")
        facts.passive = Choice(title: "acme 3.0")
        facts.canRollBack = true
        return facts
    }
}

extension ConsoleFacts {
    /// A machine that runs from a stick.
    static func live(policy: ConsolePolicy = .reset) -> ConsoleFacts {
        var facts = ConsoleFacts()
        (facts.isLive, facts.medium, facts.policy) = (true, .disk("/dev/sda"), policy)
        (facts.running, facts.image) = ("acme 3.0", "0123456789abcdef")
        return facts
    }
}

extension ConsoleModel {
    /// Presses keys and returns what the last one asks for.
    @discardableResult
    mutating func press(_ keys: ConsoleKey...) -> Request? {
        var request: Request?
        for key in keys { request = press(key) }
        return request
    }

    /// Types letters.
    mutating func type(_ text: String) { for letter in text { _ = press(.character(letter)) } }
}
