import Faults
import JSONText
import RecoveryConsole

/// Looks up what a console shows, with the verbs of `lifeboot`.
enum ConsoleLookups {
    /// Makes the page of a subject.
    static func page<World: ConsoleWorld & ~Copyable>(
        _ subject: ConsoleSubject, _ facts: ConsoleFacts, _ size: ConsoleSize, _ world: inout World
    ) -> ConsolePage {
        switch subject {
        case .disks: return disks(world.ask(["disks", "--json"]), size)
        case .sources: return sources(world.ask(["media", "--json"]), facts)
        case .network: return network(world.ask(["network", "--json"]), size)
        case .media: return media(world.ask(["media", "--json"]), size)
        case .messages:
            return .text(ConsoleText("Messages, newest last", ConsoleScreen.wrapped(world.messages(), size)))
        case .status, .details, .ending:
            return .text(ConsoleText("Status", ConsoleScreen.wrapped(world.ask(["status"]).lines, size)))
        }
    }

    private static func sources(_ answer: ConsoleAnswer, _ facts: ConsoleFacts) -> ConsolePage {
        let media = elements(answer, "media")
        let found = media.flatMap { medium -> [ConsoleSource] in
            (medium["sources"]?.elements ?? []).compactMap { source($0, on: name(medium)) }
        }
        var problems = media.compactMap { medium in medium["problem"]?.text.map { "\(name(medium)): \($0)" } }
        if !answer.succeeded { problems.append(answer.lines.joined(separator: " ")) }
        return .menu(.sources(found, problems: problems, channel: facts.channel))
    }

    private static func source(_ value: JSONValue, on place: String) -> ConsoleSource? {
        guard let source = value["source"]?.text else { return nil }
        // Whether an image without a signature is taken is a matter of the policy, which the verb knows.
        let note = value["trusted"]?.bool == false ? " (signed by no key that this machine trusts)" : ""
        return ConsoleSource(
            source, title: (value["title"]?.text ?? source) + note, place: place, problem: value["problem"]?.text)
    }

    private static func disks(_ answer: ConsoleAnswer, _ size: ConsoleSize) -> ConsolePage {
        guard answer.succeeded else { return failure("Disks", answer, size) }
        return .menu(.disks(elements(answer, "disks").compactMap(disk)))
    }

    private static func disk(_ value: JSONValue) -> ConsoleDisk? {
        guard let device = value["device"]?.text else { return nil }
        let details = [value["bytes"]?.integer.map { ByteText.scaled(Int(clamping: $0)) }, value["serial"]?.text]
        let names = details.compactMap { $0 }.joined(separator: ", ")
        // The kernel may give the node of a disk that is taken out to the next one, while the plan stands on the screen.
        let lasting = value["byID"]?.elements?.first?.text.map { "/dev/disk/by-id/\($0)" }
        return ConsoleDisk(
            lasting ?? device, title: "\(device) (\(names)): \(value["contents"]?.text ?? "unknown")",
            needsForce: value["needsForce"]?.bool == true, obstacle: value["obstacle"]?.text)
    }

    private static func network(_ answer: ConsoleAnswer, _ size: ConsoleSize) -> ConsolePage {
        guard answer.succeeded else { return failure("Network", answer, size) }
        let interfaces = elements(answer, "interfaces").compactMap { interface -> (name: String, state: String)? in
            guard let name = interface["name"]?.text, interface["loopback"]?.bool != true else { return nil }
            let addresses = (interface["addresses"]?.elements ?? []).compactMap { $0["address"]?.text }
            let cable = interface["carrier"]?.bool == false ? "no cable" : "no address"
            return (name, addresses.isEmpty ? cable : addresses.joined(separator: ", "))
        }
        return .menu(.network(interfaces))
    }

    private static func media(_ answer: ConsoleAnswer, _ size: ConsoleSize) -> ConsolePage {
        guard answer.succeeded else { return failure("Media", answer, size) }
        let media = elements(answer, "media").filter { $0["problem"]?.text == nil }
        return .menu(
            .media(media.compactMap { medium in medium["device"]?.text.map { (device: $0, title: name(medium)) } }))
    }

    private static func failure(_ title: String, _ answer: ConsoleAnswer, _ size: ConsoleSize) -> ConsolePage {
        .text(ConsoleText(title, ConsoleScreen.wrapped(answer.lines, size)))
    }

    private static func elements(_ answer: ConsoleAnswer, _ name: String) -> [JSONValue] {
        guard answer.succeeded, let value = try? JSONValue(parsing: Array(answer.output.utf8)) else { return [] }
        return value[name]?.elements ?? []
    }

    /// `/dev/sdb1 (STICK, vfat)`.
    private static func name(_ medium: JSONValue) -> String {
        let details = [medium["label"]?.text, medium["filesystem"]?.text].compactMap { $0 }.filter { !$0.isEmpty }
        let device = medium["device"]?.text ?? "a medium"
        return details.isEmpty ? device : "\(device) (\(details.joined(separator: ", ")))"
    }
}
