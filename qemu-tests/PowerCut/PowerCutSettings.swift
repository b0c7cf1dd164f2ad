import Foundation

/// What `make powercut` is asked for, by environment variables.
struct PowerCutSettings: Sendable {
    /// Whether the sweeps are wanted; they take minutes.
    static let isWanted = ProcessInfo.processInfo.environment["LIFEBOOT_POWERCUT"] == "1"

    /// The operations to record (`LIFEBOOT_POWERCUT_OPERATIONS`, names with commas; all of the product's).
    var operations = PowerCutOperation.all
    /// How many cuts are drawn besides those at flushes (`LIFEBOOT_POWERCUT_SAMPLE`).
    var sample = 300
    /// Decides which are drawn (`LIFEBOOT_POWERCUT_SEED`).
    var seed: UInt64 = 1
    /// How many of the drawn cuts are really booted, over all operations (`LIFEBOOT_POWERCUT_BOOTS`).
    var boots = 10
    /// How many disks are looked at at a time (`LIFEBOOT_POWERCUT_WORKERS`).
    var workers = 2
    /// Where recordings with failures are kept (`LIFEBOOT_POWERCUT_KEEP`).
    var keep: String?
    /// A file to which progress and results are added (`LIFEBOOT_POWERCUT_REPORT`).
    var report: String?
    /// A kept recording to look at again (`LIFEBOOT_POWERCUT_RECORDING`).
    var recording: String?
    /// The only cut to look at (`LIFEBOOT_POWERCUT_CUT`), as a report names it.
    var cut: Int?

    /// Reads the variables.
    init(_ variables: [String: String] = ProcessInfo.processInfo.environment) {
        func number<Number: FixedWidthInteger>(_ name: String) -> Number? {
            variables["LIFEBOOT_POWERCUT_\(name)"].flatMap { Number($0) }
        }
        if let names = variables["LIFEBOOT_POWERCUT_OPERATIONS"], !names.isEmpty {
            operations = PowerCutOperation.named(names.split(separator: ",").map(String.init))
        }
        sample = number("SAMPLE") ?? sample
        seed = number("SEED") ?? seed
        boots = number("BOOTS") ?? boots
        workers = max(1, number("WORKERS") ?? workers)
        cut = number("CUT")
        keep = variables["LIFEBOOT_POWERCUT_KEEP"]
        report = variables["LIFEBOOT_POWERCUT_REPORT"]
        recording = variables["LIFEBOOT_POWERCUT_RECORDING"]
    }

    /// Adds a line to the report.
    func tell(_ line: String) {
        guard let report, let file = FileHandle(forWritingAtPath: report) else { return }
        defer { try? file.close() }
        _ = try? file.seekToEnd()
        try? file.write(contentsOf: Data((line + "\n").utf8))
    }
}
