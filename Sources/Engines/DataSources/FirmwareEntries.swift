import Archives
import Faults
import ImageModel
import InstanceData
import LinuxSystem
import SystemPackage

/// Reads what the program that runs a virtual machine gives it: entries of QEMU's `fw_cfg`, as the kernel shows them.
enum FirmwareEntries {
    /// The folder of the entries (Documentation/ABI/testing/sysfs-firmware-qemu_fw_cfg).
    private static let folder: FilePath = "/sys/firmware/qemu_fw_cfg/by_name"

    /// Reads the entries that are there, below a root.
    static func read(
        _ entries: [(kind: MetadataKind, name: String)], root: FilePath, limit: Int
    ) -> SourceAnswers {
        var answers = SourceAnswers(from: "fw_cfg")
        for entry in entries {
            let path = folder.appending(entry.name).appending("raw")
            do throws(SystemError) {
                guard let bytes = try DirectoryHandle(root: root).read(path, limit: limit) else { continue }
                answers.texts.append(.init(kind: entry.kind, bytes: bytes))
            } catch { answers.miss("\(entry.name) of fw_cfg cannot be read: \(error.cause)") }
        }
        return answers
    }
}

/// Reads values that VMware gives its machines, by the program that its tools bring.
struct GuestInfo {
    /// The program of open-vm-tools.
    static let standardProgram = "vmware-rpctool"

    let program: String
    let limit: Int

    /// Reads the values that are set, each in the encoding that a value of the same name with `.encoding` says.
    ///
    /// - Throws: `DataSourceError` when the program is not there.
    func answers(
        _ values: [(kind: MetadataKind, name: String)], until deadline: Deadline
    ) throws(DataSourceError) -> SourceAnswers {
        var answers = SourceAnswers(from: "guestinfo")
        for entry in values {
            guard let text = try value(entry.name, deadline), !text.isEmpty else { continue }
            let encoding = String(decoding: try value("\(entry.name).encoding", deadline) ?? [], as: UTF8.self)
            if let bytes = decode(text, encoding) {
                answers.texts.append(.init(kind: entry.kind, bytes: bytes))
            } else {
                answers.miss("\(entry.name) is not what its encoding '\(encoding.prefix(40))' says")
            }
        }
        return answers
    }

    /// One value without the white space around it; nil when it is not set.
    private func value(_ name: String, _ deadline: Deadline) throws(DataSourceError) -> [UInt8]? {
        do throws(ProcessError) {
            let outcome = try ChildProcess.run(
                program, ["info-get \(name)"], output: .capture(atMost: limit), timeout: deadline.remaining)
            return outcome.succeeded ? Self.trimmed(outcome.standardOutput) : nil
        } catch { throw .absent("guestinfo", "\(program) of open-vm-tools could not be run: \(error.cause)") }
    }

    private func decode(_ text: [UInt8], _ encoding: String) -> [UInt8]? {
        switch encoding {
        case "": return text
        case "base64", "b64": return Base64.decode(text.filter { $0 > 0x20 })
        case "gzip+base64", "gz+b64":
            guard let packed = Base64.decode(text.filter { $0 > 0x20 }) else { return nil }
            return try? Decompression.bytes(of: packed, limit: limit)
        default: return nil
        }
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        let end = bytes.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? 0
        return Array(bytes[..<end])
    }
}
