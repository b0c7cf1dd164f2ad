package import BootModel
import Faults
import InstalledSystem
package import JSONText
import LinuxSystem
package import SystemPackage

/// Gathers what tells where the time of this boot went; nothing of it needs root.
extension BootTimesFacts {
    /// Where the kernel shows the firmware's measurements (Linux 5.12, ACPI_FPDT).
    package static let firmwareFolder: FilePath = "/sys/firmware/acpi/fpdt/boot"
    /// The longest text of one number of the kernel's, in bytes.
    private static let numberLimit = 4_096
    /// How long systemd may take to answer.
    private static let patience = Duration.seconds(30)

    /// Asks everybody; whoever cannot answer is a problem, and the rest counts.
    ///
    /// - Parameters:
    ///   - report: reads the report of the initramfs; nil when there is none.
    ///   - firmware: the kernel's folder of the firmware's measurements.
    ///   - manager: asks systemd for its times.
    ///   - now: microseconds of the kernel's clock.
    package init(
        report: () throws -> JSONValue?, firmware: FilePath = Self.firmwareFolder,
        manager: () throws -> String = Self.askManager, now: Int64
    ) {
        self.init(now: now)
        self.firmware = noting { try Self.firmwareTimes(firmware) } ?? nil
        self.manager = noting { try ManagerTimes(parsing: try manager()) }
        do {
            let found = try report()
            self.report = try found.map { try ReportedTimes($0) }
            if found == nil { problems.append(Self.noReport) }
        } catch let error as JSONError {
            problems.append("\(BootTimesError.unreadable(error))")
        } catch { problems.append("\(error)") }
    }

    /// The times of this machine.
    package static func ofThisMachine() -> BootTimesFacts {
        let (seconds, attoseconds) = MonotonicClock.now().components
        return BootTimesFacts(
            report: { try Machine().bootReport() }, now: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    /// Asks systemd.
    ///
    /// - Throws: `ProcessError` when `systemctl` is not there, or says no.
    package static func askManager() throws -> String {
        let names = ManagerTimes.Property.allCases.map(\.rawValue).joined(separator: ",")
        let outcome = try ChildProcess.run("systemctl", ["show", "--property=\(names)"], timeout: patience)
        return String(decoding: try outcome.requireSuccess().standardOutput, as: UTF8.self)
    }

    private static let noReport = """
        There is no /run/lifeboot/boot.json: the agent has not booted this machine, so that nothing is known of the \
        steps of the initramfs.
        """

    private static func firmwareTimes(_ folder: FilePath) throws -> FirmwareTimes? {
        var texts: [FirmwareTimes.Point: String] = [:]
        for point in FirmwareTimes.Point.allCases {
            let bytes = try FileBytes.readIfPresent(folder.appending(point.rawValue), limit: numberLimit)
            texts[point] = bytes.map { String(decoding: $0, as: UTF8.self) }
        }
        return texts.isEmpty ? nil : try FirmwareTimes(texts)
    }

    private mutating func noting<Value>(_ body: () throws -> Value) -> Value? {
        do { return try body() } catch {
            problems.append("\(error)")
            return nil
        }
    }
}

extension BootTimesError {
    /// The report is no JSON.
    fileprivate static func unreadable(_ error: JSONError) -> BootTimesError {
        BootTimesError(
            .report, "reading", "the report of the initramfs (/run/lifeboot/boot.json)", because: error,
            remedy: "It is written anew at the next boot.")
    }
}
