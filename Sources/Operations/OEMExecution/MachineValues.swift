import ImageAssembly
import ImageModel
import ImagePlanning
import JSONText
import LinuxSystem
import SystemPackage

/// Gathers what templates may ask of a machine, by group; the names are those of zcalusic/sysinfo, as the family has them.
struct MachineValues: Sendable {
    let root: FilePath

    /// The groups of `.Values`.
    private static let groups: [(name: String, gather: @Sendable (MachineValues) -> JSONValue)] = [
        ("node", \.node), ("os", \.system), ("kernel", \.kernel),
        ("product", { $0.firmware("product", ["name", "vendor", "version", "serial", "uuid", "sku"]) }),
        ("board", { $0.firmware("board", ["name", "vendor", "version", "serial", "assettag"]) }),
        ("chassis", { $0.firmware("chassis", ["type", "vendor", "version", "serial", "assettag"]) }),
        ("bios", { $0.firmware("bios", ["vendor", "version", "date"]) }), ("cpu", \.processor), ("memory", \.memory),
        ("storage", \.disks), ("network", \.interfaces), ("Random", { .string(BootRandom.text($0.root)) }),
        ("ProtectedID", { .string($0.protectedID) }),
    ]

    /// The data of a step's texts; only those groups are gathered that are asked for, all when nil.
    func data(_ wanted: Set<String>?) -> JSONValue {
        var values: JSONObject = [:]
        for group in Self.groups where wanted?.contains(group.name) != false { values[group.name] = group.gather(self) }
        return ["Values": .object(values)]
    }

    /// The data of a hostname.
    var hostnameData: JSONValue {
        var data: JSONObject = ["Random": .string(BootRandom.text(root))]
        if !machineID.isEmpty {
            data["MachineID"] = .string(machineID)
            data["ProtectedID"] = .string(protectedID)
        }
        if let uuid = line("/sys/class/dmi/id/product_uuid") { data["UUID"] = .string(uuid) }
        return .object(data)
    }

    private var machineID: String {
        line("/etc/machine-id", inRoot: true) ?? line("/var/lib/dbus/machine-id", inRoot: true) ?? ""
    }

    private var protectedID: String { KeyedHash.hexadecimal(of: Array("yip".utf8), key: Array(machineID.utf8)) }

    private var node: JSONValue {
        Self.object([
            ("hostname", KernelNames.hostname), ("machineid", machineID),
            ("timezone", line("/etc/timezone", inRoot: true)),
        ])
    }

    private var system: JSONValue {
        let release = OSRelease(root)
        return Self.object([
            ("name", release["PRETTY_NAME"]), ("vendor", release["ID"]), ("version", release["VERSION_ID"]),
            ("release", release["VERSION"]), ("architecture", ImageArchitecture.host),
        ])
    }

    private var kernel: JSONValue {
        Self.object([
            ("release", KernelNames.release), ("version", line("/proc/sys/kernel/version")),
            ("architecture", KernelNames.machine),
        ])
    }

    /// Fields of the firmware's tables (SMBIOS), as the kernel shows them.
    private func firmware(_ table: String, _ fields: [String]) -> JSONValue {
        Self.object(
            fields.map { field in
                let file =
                    switch (table, field) {
                    case ("product", "vendor"): "sys_vendor"
                    case (_, "assettag"): "\(table)_asset_tag"
                    default: "\(table)_\(field)"
                    }
                return (field, line("/sys/class/dmi/id/\(file)"))
            })
    }

    private var processor: JSONValue {
        let text =
            (try? FileBytes.read("/proc/cpuinfo", limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let lines = text.split(separator: "\n").map { $0.split(separator: ":", maxSplits: 1) }
        let value: (String) -> String? = { name in
            lines.first { $0.first.map(Self.trimmed) == name && $0.count == 2 }.map { Self.trimmed($0[1]) }
        }
        let count = lines.count { $0.first.map(Self.trimmed) == "processor" }
        var object = Self.object([("vendor", value("vendor_id")), ("model", value("model name"))]).object ?? [:]
        object["threads"] = .integer(Int64(count))
        return .object(object)
    }

    private var memory: JSONValue { ["size": .integer(Int64(clamping: (MachineMemory.kibibytes ?? 0) / 1024))] }

    private var disks: JSONValue {
        let names = ((try? Folders.names(of: "/sys/block")) ?? []).sorted().filter {
            !$0.hasPrefix("loop") && !$0.hasPrefix("ram")
        }
        return .array(
            names.map { name in
                var object =
                    Self.object([
                        ("name", name), ("vendor", line("/sys/block/\(name)/device/vendor")),
                        ("model", line("/sys/block/\(name)/device/model")),
                        ("serial", line("/sys/block/\(name)/serial")),
                    ]).object ?? [:]
                // sysfs counts 512 bytes each; the family tells units of 10⁹.
                let sectors = line("/sys/block/\(name)/size").flatMap { Int64($0) } ?? 0
                object["size"] = .integer(sectors / 1_953_125)
                return .object(object)
            })
    }

    private var interfaces: JSONValue {
        let names = ((try? Folders.names(of: "/sys/class/net")) ?? []).sorted().filter { $0 != "lo" }
        return .array(
            names.map { name in
                Self.object([
                    ("name", name), ("macaddress", line("/sys/class/net/\(name)/address")),
                    ("speed", line("/sys/class/net/\(name)/speed")),
                ])
            })
    }

    /// The first line of a small file; nil when it is empty, not there or not readable.
    private func line(_ path: String, inRoot: Bool = false) -> String? {
        let place = inRoot ? root.appending(FilePath(path).components) : FilePath(path)
        guard let bytes = (try? FileBytes.readIfPresent(place, limit: 4096)).flatMap(\.self) else { return nil }
        let text = Self.trimmed(String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self))
        return text.isEmpty ? nil : text
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var text = text[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text.drop(while: \.isWhitespace))
    }

    /// An object without the keys that have nothing.
    private static func object(_ fields: [(String, String?)]) -> JSONValue {
        .object(
            JSONObject(
                fields.compactMap { name, value in
                    value.flatMap { $0.isEmpty ? nil : JSONObject.Member(name, .string($0)) }
                }))
    }
}

/// What the os-release of a root says.
struct OSRelease {
    private let values: [String: String]

    init(_ root: FilePath) {
        var values: [String: String] = [:]
        for name in RootfsRules.osReleases where values.isEmpty {
            guard let handle = try? DirectoryHandle(root: root),
                let bytes = (try? handle.read(FilePath(name), limit: 1 << 16)).flatMap(\.self)
            else { continue }
            for field in OSReleaseText.fields(of: bytes) { values[field.name] = field.value }
        }
        self.values = values
    }

    subscript(name: String) -> String? { values[name] }
}
