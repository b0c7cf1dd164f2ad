import ImageModel
import ReleaseModel

extension ConsoleMenu {
    /// The first menu, with what the policy offers.
    package static func first(_ facts: ConsoleFacts) -> ConsoleMenu {
        let actions = facts.policy == .reset ? facts.isLive ? installations : repairs(facts) : []
        return ConsoleMenu(
            "What shall be done?",
            actions + [
                ConsoleEntry("8", "Look closer: \(facts.isLive ? "" : "status, ")messages, a report", .open(.details)),
                ConsoleEntry("9", "Log in", .logIn),
                ConsoleEntry("0", "Restart, or switch off", .open(.ending)),
            ])
    }

    /// What a live system is for.
    private static let installations = [
        ConsoleEntry("1", "Install this system onto a disk of this machine", .open(.disks)), network,
    ]

    private static let network = ConsoleEntry("7", "Network: show, set an address", .open(.network))

    private static func repairs(_ facts: ConsoleFacts) -> [ConsoleEntry] {
        if let pending = facts.pending { return finishing(pending, facts) }
        return starts(facts) + resets(facts) + [
            ConsoleEntry("6", "Install an image: from network, USB stick or file", .open(.sources)), network,
        ]
    }

    private static func starts(_ facts: ConsoleFacts) -> [ConsoleEntry] {
        [
            ConsoleEntry(
                "1", "Try the normal system again" + suffix(facts.active.title),
                choice(.start(.active), facts.active.obstacle)),
            ConsoleEntry(
                "2", "Go back to the passive system" + suffix(facts.passive.title),
                choice(facts.canRollBack ? .rollBack : .start(.passive), facts.passive.obstacle)),
        ]
    }

    private static func resets(_ facts: ConsoleFacts) -> [ConsoleEntry] {
        let reset: (Bool, Bool) -> ConsoleEntry.Choice = { persistent, oem in
            choice(.reset(persistent: persistent, oem: oem), facts.resetObstacle)
        }
        return [
            ConsoleEntry("3", "Repair: put this image back as active, data is kept", reset(false, false)),
            ConsoleEntry("4", "Repair and ERASE the data partition", reset(true, false)),
            ConsoleEntry("5", "Repair and ERASE data and settings (OEM)", reset(true, true)),
        ]
    }

    /// Nothing else boots until it is finished, so nothing else is offered.
    private static func finishing(_ pending: String, _ facts: ConsoleFacts) -> [ConsoleEntry] {
        let giveUp = ConsoleEntry("2", "Give the reset up", .task(.unschedule))
        return [ConsoleEntry("1", "Finish the \(pending) that is pending", .task(.resume))]
            + (pending == "reset" ? [giveUp] : [])
            + [network]
    }

    private static func choice(_ task: ConsoleTask, _ obstacle: String?) -> ConsoleEntry.Choice {
        obstacle.map { .nothing($0) } ?? .task(task)
    }

    private static func suffix(_ title: String?) -> String { title.map { ": \($0)" } ?? "" }
}

extension ConsoleMenu {
    /// What can be read.
    ///
    /// A live system is installed nowhere, so it has no status.
    static func details(_ facts: ConsoleFacts) -> ConsoleMenu {
        let status = ConsoleEntry("1", "The whole status: images, last boots, what to do", .open(.status))
        return ConsoleMenu(
            "What shall be shown?",
            (facts.isLive ? [] : [status]) + [
                ConsoleEntry("2", "Messages of the kernel and the services", .open(.messages)),
                ConsoleEntry("3", "Write a report onto a USB stick", .open(.media)),
            ])
    }

    /// How it ends.
    static var ending: ConsoleMenu {
        ConsoleMenu(
            "How shall it end?",
            [ConsoleEntry("1", "Restart", .task(.restart)), ConsoleEntry("2", "Switch off", .task(.powerOff))])
    }

    /// Images that were found, the channel, and an address that is typed.
    ///
    /// - Parameters:
    ///   - found: what lies on media that are attached.
    ///   - problems: media that could not be read, a sentence each.
    package static func sources(_ found: [ConsoleSource], problems: [String], channel: String?) -> ConsoleMenu {
        var entries: [(String, ConsoleEntry.Choice)] = []
        if let channel { entries.append(("What the channel has: \(channel)", .task(.upgrade(nil)))) }
        entries += found.map { ("\($0.title) on \($0.place)", choice(.upgrade($0.source), $0.problem)) }
        entries.append(("Type where it is: an address in a registry, or a path", .ask(.source)))
        entries += problems.map { ("Not readable: \($0)", .nothing($0)) }
        return numbered("Which image shall be installed?", entries)
    }

    /// The disks that a live system can be installed on; one that cannot be taken says why.
    package static func disks(_ disks: [ConsoleDisk]) -> ConsoleMenu {
        let entries = disks.map { disk -> (String, ConsoleEntry.Choice) in
            (disk.title, choice(.install(disk: disk.device, isForced: disk.needsForce), disk.obstacle))
        }
        let none = "No disk is there. Plug one in, and choose this again."
        return numbered(
            "Onto which disk? All that is on it will be lost.",
            entries + [("Look again", .open(.disks))] + (entries.isEmpty ? [(none, .nothing(none))] : []))
    }

    /// The media that a report can be written onto.
    package static func media(_ devices: [(device: String, title: String)]) -> ConsoleMenu {
        let entries: [(String, ConsoleEntry.Choice)] = devices.map { ($0.title, .task(.report(device: $0.device))) }
        let none = "No stick or other medium with a filesystem is attached. Plug one in, and choose this again."
        return numbered(
            "Onto which medium?",
            entries + [("Look again", .open(.media))] + (entries.isEmpty ? [(none, .nothing(none))] : []))
    }

    /// The interfaces, and what can be done with each.
    package static func network(_ interfaces: [(name: String, state: String)]) -> ConsoleMenu {
        let entries = interfaces.flatMap { interface -> [(String, ConsoleEntry.Choice)] in
            [
                ("\(interface.name): \(interface.state). Set an address", .ask(.address(interface.name))),
                ("\(interface.name): ask for an address (DHCP)", .task(.lease(interface: interface.name))),
            ]
        }
        let none = "This machine has no network interface that the kernel knows."
        return numbered("Network", entries.isEmpty ? [(none, .nothing(none))] : entries)
    }
}

/// A disk of the machine.
package struct ConsoleDisk: Equatable, Sendable {
    /// Its name in `/dev/disk/by-id`, or its node where it has none.
    package var device: String
    /// Node, size and what is on it.
    package var title: String
    /// Whether something on it would be lost that an installation asks about.
    package var needsForce: Bool
    /// Why it cannot be taken; nil when nothing is known against it.
    package var obstacle: String?

    /// States what is known of a disk.
    package init(_ device: String, title: String, needsForce: Bool = false, obstacle: String? = nil) {
        (self.device, self.title, self.needsForce, self.obstacle) = (device, title, needsForce, obstacle)
    }
}

/// An image that can be installed.
package struct ConsoleSource: Equatable, Sendable {
    /// As `lifeboot upgrade` takes it.
    package var source: String
    /// Name and version.
    package var title: String
    /// The medium that it lies on.
    package var place: String
    /// Why it is not accepted; nil when it is.
    package var problem: String?

    /// States what was found.
    package init(_ source: String, title: String, place: String, problem: String? = nil) {
        (self.source, self.title, self.place, self.problem) = (source, title, place, problem)
    }
}
