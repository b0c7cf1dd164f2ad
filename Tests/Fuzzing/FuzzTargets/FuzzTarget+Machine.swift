import BootModel
import GrubEnvironment
import JSONText
import LinuxSystem
import SystemLayout
import TransactionPlanning

extension FuzzTarget {
    /// What is read from a disk, a command line or the kernel.
    static let machine: [FuzzTarget] = [
        returns("environment-block", { try EnvironmentBlock(parsing: $0) }, { try $0.serialized() }),
        returns("boot-environment", { try BootEnvironment.read($0).environment }, { $0.serialized() }),
        returns("grub-selection", { try GrubSelection(parsing: $0) }, { $0.serialized() }),
        survives("boot-history") { bytes in
            let history = BootHistory(parsing: bytes)
            for entry in history.all { _ = history.appending(entry.record) }
        },
        survives("boot-report") { bytes in
            var facts = BootTimesFacts(now: 0)
            facts.report = try ReportedTimes(try JSONValue(parsing: bytes))
            _ = BootTimeline(facts).total
        },
        returns("reset-record", { ResetRecord(parsing: $0) }, { $0.serialized() }),
        survives("command-line") { bytes in
            _ = BootParameters(KernelCommandLine(parsing: text(bytes)))
        },
        survives("device-reference") { bytes in
            let reference = try DeviceReference(parsing: text(bytes))
            _ = try DeviceReference(parsing: reference.description)
        },
        survives("mount-table") { bytes in _ = MountEntry.parse(text(bytes)) },
    ]

    /// The bytes as a text, with a mark for what is no UTF-8.
    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
