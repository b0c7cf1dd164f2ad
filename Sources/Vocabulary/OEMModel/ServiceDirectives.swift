import DocumentTree
import JSONText

/// What is done to units of systemd (`systemctl`).
package struct SystemctlDirective: Equatable, Sendable {
    /// A drop-in of a unit.
    package struct Override: Equatable, Sendable {
        /// The unit; `.service` is meant where it has no suffix.
        package var unit = ""
        /// The drop-in's name without `.conf`.
        package var name = "override-lifeboot"
        /// What is in it.
        package var content = ""
    }

    /// Units that start at the next boots.
    package var enable: [String] = []
    /// Units that do not.
    package var disable: [String] = []
    /// Units that cannot be started.
    package var mask: [String] = []
    /// Units that are started now.
    package var start: [String] = []
    /// Drop-ins, written before anything is started.
    package var overrides: [Override] = []

    static let table = DocumentTable<SystemctlDirective>(
        "systemctl", emptyIsAbsent: true,
        [
            DocumentKey("enable", .units, default: [], "Units that are enabled.") { $0.enable = $1 },
            DocumentKey("disable", .units, default: [], "Units that are disabled.") { $0.disable = $1 },
            DocumentKey("mask", .units, default: [], "Units that are masked.") { $0.mask = $1 },
            DocumentKey("start", .units, default: [], "Units that are started, in this order.") { $0.start = $1 },
            DocumentKey(
                "overrides", .list(of: .table(override, from: Override()), "an override"), default: [],
                "Drop-ins of units, written before anything is started."
            ) { $0.overrides = $1 },
        ])

    private static let override = DocumentTable<Override>(
        "an override", emptyIsAbsent: true,
        [
            DocumentKey("service", .unit, required: true, "The unit; without a suffix it is a service.") {
                $0.unit = $1
            },
            DocumentKey("name", .fileName, default: "override-lifeboot", "The drop-in's name.") { $0.name = $1 },
            DocumentKey("content", .words, required: true, "What is in it.") { $0.content = $1 },
        ])
}

extension DocumentValue where Value == String {
    /// The name of a unit: no folder, no white space, nothing that looks like an option (systemd.unit(5)).
    static var unit: Self {
        Self(.text("a unit's name", pattern: #"^[A-Za-z0-9:_.@\\][-A-Za-z0-9:_.@\\]*$"#)) {
            (node, name) throws(DocumentError) in
            let text = try node.text(name)
            let isUnit = text.utf8.allSatisfy {
                $0 > 0x20 && $0 < 0x7F && $0 != 0x2F && $0 != 0x27 && $0 != 0x22 && $0 != 0x3B
            }
            guard isUnit, !text.hasPrefix("-"), text.utf8.count < 256 else {
                throw DocumentError(at: node.mark, "'\(text)' is no unit's name")
            }
            return text
        }
    }

    /// The name of a file in a folder that is known already.
    static var fileName: Self {
        Self(.text("a file's name", pattern: "^[^/]+$")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x2F }), text != ".", text != "..",
                text.utf8.count <= 200
            else { throw DocumentError(at: node.mark, "\(name) must be a file's name, not '\(text)'") }
            return text
        }
    }
}

extension DocumentValue where Value == [String] {
    /// Names of units.
    static var units: Self { .list(of: .unit, "a unit") }
}
