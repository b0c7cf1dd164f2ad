import Faults
import InstanceData
import LinuxSystem
import SystemPackage

/// What firmware and kernel say about this machine, read below a root.
struct MachineFacts {
    private(set) var identity = MachineIdentity()
    /// What could not be read, which does not mean that it is not there.
    private(set) var remarks: [String] = []

    /// The fields of SMBIOS as the kernel shows them, and the two other places of a cloud's marks.
    private static let files: [(path: FilePath, field: any WritableKeyPath<MachineIdentity, String> & Sendable)] = [
        ("/sys/class/dmi/id/sys_vendor", \.vendor), ("/sys/class/dmi/id/product_name", \.product),
        ("/sys/class/dmi/id/product_serial", \.serial), ("/sys/class/dmi/id/product_uuid", \.uuid),
        ("/sys/class/dmi/id/chassis_asset_tag", \.assetTag), ("/sys/hypervisor/uuid", \.hypervisorUUID),
    ]

    init(root: FilePath) {
        for file in Self.files { identity[keyPath: file.field] = line(file.path, root) }
        identity.words = line("/proc/cmdline", root).split(separator: " ").map(String.init)
    }

    private mutating func line(_ path: FilePath, _ root: FilePath) -> String {
        do throws(SystemError) {
            let bytes = try DirectoryHandle(root: root).read(path, limit: 1 << 16) ?? []
            let text = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0 }, as: UTF8.self)
            return String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        } catch {
            remarks.append("\(path) cannot be read, and may say whose machine this is: \(error.cause)")
            return ""
        }
    }
}
