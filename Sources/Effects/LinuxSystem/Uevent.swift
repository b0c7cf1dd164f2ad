/// One message of the kernel about a device (kobject_uevent(9)): `add@/devices/…`, then `KEY=value`s, NUL-separated.
package struct Uevent: Equatable, Sendable {
    /// What happened: `add`, `remove`, `change` and others.
    package let action: String
    /// The device's folder below `/sys`.
    package let devicePath: String
    /// All variables by name.
    package let variables: [String: String]

    /// Reads a message; nil when its head is not `action@path`.
    ///
    /// Parts without an equals sign are left out.
    package init?(_ message: some Sequence<UInt8>) {
        var parts = Array(message).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }[...]
        guard let head = parts.popFirst(), let at = head.firstIndex(of: "@") else { return nil }
        action = String(head[..<at])
        devicePath = String(head[head.index(after: at)...])
        var variables: [String: String] = [:]
        for part in parts {
            guard let equals = part.firstIndex(of: "=") else { continue }
            variables[String(part[..<equals])] = String(part[part.index(after: equals)...])
        }
        guard !action.isEmpty, devicePath.hasPrefix("/") else { return nil }
        self.variables = variables
    }

    /// The kernel's name of the block device that this is about, such as `vda3`; nil for other kinds.
    package var blockDevice: String? {
        variables["SUBSYSTEM"] == "block" ? variables["DEVNAME"] : nil
    }
}
