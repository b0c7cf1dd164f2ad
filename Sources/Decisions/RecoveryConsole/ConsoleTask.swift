package import ImageModel

/// Something that a console does to the machine, always by a verb of `lifeboot`.
package enum ConsoleTask: Hashable, Sendable {
    /// Start a role with the next boot.
    case start(Role)
    /// Exchange active and passive.
    case rollBack
    /// Put recovery's image back as active, and format what is named.
    case reset(persistent: Bool, oem: Bool)
    /// Go on with what is pending.
    case resume
    /// Give up the reset that is pending.
    case unschedule
    /// Put the image of a source in place; nil follows the channel.
    case upgrade(String?)
    /// Put the live system onto a disk.
    case install(disk: String, isForced: Bool)
    /// Give an interface an address for this boot.
    case address(interface: String, address: String, gateway: String?, server: String?)
    /// Let an interface ask for an address.
    case lease(interface: String)
    /// Write a report onto the medium in a device.
    case report(device: String)
    /// Start the machine again.
    case restart
    /// Switch the machine off.
    case powerOff
}

extension ConsoleTask {
    /// What has to be done before it begins, besides having seen the plan.
    package enum Consent: Equatable, Sendable {
        /// Press `y`.
        case yes
        /// Type a word, because something is lost for good.
        case word(String)
    }

    /// Where a report lies until it is on its medium.
    static let reportFile = "/run/lifeboot/report.tar.gz"

    /// The command lines of `lifeboot`, one after the other; empty where the machine is only restarted or switched off.
    package var commands: [[String]] {
        switch self {
        case .start(let role): [["switch", role.rawValue, "--once"]]
        case .rollBack: [["rollback"]]
        case .reset(let persistent, let oem):
            [["reset"] + (persistent ? ["--persistent"] : []) + (oem ? ["--oem"] : [])]
        case .resume: [["resume"]]
        case .unschedule: [["reset", "--unschedule"]]
        case .upgrade(let source): [["upgrade"] + (source.map { [$0] } ?? [])]
        case .install(let disk, let isForced): [["install", disk] + (isForced ? ["--force"] : [])]
        case .address(let interface, let address, let gateway, let server):
            [
                ["network", "set", interface, address] + (gateway.map { ["--gateway", $0] } ?? [])
                    + (server.map { ["--dns", $0] } ?? [])
            ]
        case .lease(let interface): [["network", "dhcp", interface]]
        case .report(let device):
            [["report", "--output", Self.reportFile], ["media", "copy", Self.reportFile, device]]
        case .restart, .powerOff: []
        }
    }

    /// The command line that shows what it would do, and changes nothing; nil where there is nothing more to show.
    package var planCommand: [String]? {
        switch self {
        case .report, .restart, .powerOff: nil
        default: commands.first.map { $0 + ["--dry-run"] }
        }
    }

    /// The word for what it does.
    package var title: String {
        switch self {
        case .start(let role): "Start the \(role.rawValue) system"
        case .rollBack: "Go back to the passive system"
        case .reset(false, false): "Put this image back as active; data is kept"
        case .reset(true, false): "Put this image back as active, and ERASE the data partition"
        case .reset(let persistent, true):
            "Put this image back as active, and ERASE \(persistent ? "data and settings" : "settings") (OEM)"
        case .resume: "Finish what is pending"
        case .unschedule: "Give up the reset that is pending"
        case .upgrade: "Install an image as active; data is kept"
        case .install(let disk, _): "Install this system onto \(disk), and ERASE all that is on it"
        case .address(let interface, _, _, _), .lease(let interface): "Set the network of \(interface)"
        case .report(let device): "Write a report onto \(device)"
        case .restart: "Restart the machine"
        case .powerOff: "Switch the machine off"
        }
    }

    /// What somebody must do who wants it.
    package var consent: Consent {
        switch self {
        case .reset(false, false): .yes
        case .reset, .install: .word("ERASE")
        default: .yes
        }
    }

    /// Whether what it did counts from the next start on.
    package var needsRestart: Bool {
        switch self {
        case .start, .rollBack, .reset, .resume, .upgrade, .install: true
        default: false
        }
    }
}
