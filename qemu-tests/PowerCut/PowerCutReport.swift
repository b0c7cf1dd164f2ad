/// The table that `make powercut` prints.
enum PowerCutReport {
    static let head = row(["operation", "writes", "flushes", "at flushes", "drawn", "seed", "failed", "seconds"])

    /// The line of one operation.
    static func line(_ operation: PowerCutOperation, _ sweep: CutSweep, _ result: CutSweep.Result) -> String {
        let entries = sweep.recording.operationEntries
        return row([
            operation.name, "\(entries.count { $0.kind == .write })", "\(entries.count { $0.isFlush })",
            "\(result.boundaries)", "\(result.findings.count - result.boundaries)", "\(sweep.seed)",
            "\(result.failures.count)", "\(Int(result.seconds))",
        ])
    }

    /// What went wrong at a cut, and how to get there again.
    static func text(_ finding: CutInspection.Finding) -> String {
        "  \(finding.cut)\n" + finding.problems.map { "    \($0)\n" }.joined().dropLast(1)
    }

    private static func row(_ cells: [String]) -> String {
        zip(cells, [16, 8, 8, 11, 7, 7, 7, 8]).map { cell, width in
            cell + String(repeating: " ", count: max(1, width - cell.count))
        }.joined()
    }
}
