import Faults

/// What the firmware of a UEFI machine has measured (ACPI, "Firmware Performance Data Table").
///
/// The kernel shows it below `/sys/firmware/acpi/fpdt/boot` (Documentation/ABI/testing/sysfs-firmware-acpi). Its clock
/// starts when the machine is switched on or reset.
package struct FirmwareTimes: Equatable, Sendable {
    /// What is measured, in order, by the names of the kernel's files.
    package enum Point: String, CaseIterable, Sendable {
        /// The firmware runs its first instruction.
        case firmwareStart = "firmware_start_ns"
        /// It begins to load the boot loader.
        case loaderLoad = "bootloader_load_ns"
        /// It starts the boot loader.
        case loaderStart = "bootloader_launch_ns"
        /// Whoever loads the kernel gives the firmware up.
        case exitStart = "exitbootservice_start_ns"
        /// The firmware has ended.
        case exitEnd = "exitbootservice_end_ns"
    }

    private var times: [Point: Int64] = [:]

    /// Reads the texts of the kernel's files; one that is not there is left out.
    ///
    /// - Throws: `BootTimesError` when a text is no number, or the numbers cannot be times of one boot.
    package init(_ texts: [Point: String]) throws(BootTimesError) {
        var latest: Int64 = 0
        for point in Point.allCases {
            guard let text = texts[point] else { continue }
            let time = try Self.microseconds(text, of: point)
            // Firmware that has not measured a point says 0; its own start can really be 0.
            if time == 0, point != .firmwareStart { continue }
            guard time >= latest else { throw .wrongTable("\(point.rawValue) is before what it follows") }
            latest = time
            times[point] = time
        }
    }

    private static func microseconds(_ text: String, of point: Point) throws(BootTimesError) -> Int64 {
        let digits = text.split(whereSeparator: \.isWhitespace)
        guard digits.count == 1, let nanoseconds = UInt64(digits[0]) else {
            throw .wrongTable("\(point.rawValue) is no number")
        }
        let microseconds = nanoseconds / 1_000
        guard microseconds <= BootTimeLimit.firmware else {
            throw .wrongTable("\(point.rawValue) is more than an hour after power-on")
        }
        return Int64(microseconds)
    }

    /// When a point was reached, in microseconds since power-on; nil when the firmware has not measured it.
    package subscript(point: Point) -> Int64? { times[point] }

    /// Whether it has measured anything of use.
    package var isEmpty: Bool { times.keys.allSatisfy { $0 == .firmwareStart } }
}

extension BootTimesError {
    fileprivate static func wrongTable(_ cause: String) -> BootTimesError {
        BootTimesError(
            .firmware, "reading", "the firmware's table of times (ACPI FPDT)", cause: cause,
            remedy: "A newer version of the machine's firmware may mend that.")
    }
}
