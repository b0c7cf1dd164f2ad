import RegistryModel
import Testing
import Transactions

@testable import AgentCommands

@Suite("The report of an operation")
struct OperationReporterTests {
    private final class Paper { var text = "" }

    /// What is shown of three files of an image, one after the other.
    private static func shown(_ style: ReportStyle) -> String {
        let paper = Paper()
        var time = Duration.zero
        let reporter = OperationReporter(style, now: { time }, write: { paper.text += $0 })
        reporter.report(.step(1, of: 2, name: "deploy-image", subject: "recovery"))
        for file in ["vmlinuz", "initrd.img", "root.squashfs"] {
            for percent in 0...100 {
                time += .milliseconds(100)
                reporter.report(.progress(TransferProgress("copying \(file)", done: percent, total: 100)))
            }
        }
        reporter.report(.committed)
        return paper.text
    }

    @Test("without a terminal every file has a line for each tenth")
    func lines() {
        let lines = Self.shown(.lines).split(separator: "\n")
        #expect(lines.first == "[1/2] deploy-image recovery")
        for file in ["vmlinuz", "initrd.img", "root.squashfs"] {
            let tenths = lines.filter { $0.hasPrefix("copying \(file) ") }
            #expect(tenths.count == 10)
            #expect(tenths.first?.contains(" 10 % ") == true && tenths.last?.contains("100 % ") == true)
        }
        #expect(lines.count == 32)
    }

    @Test("at a terminal one line is drawn over and over, five times a second at most")
    func bar() {
        let text = Self.shown(.terminal)
        #expect(text.split(separator: "\n").count == 3)
        let drawings = text.split(separator: "\r").count - 1
        #expect((150...156).contains(drawings), "\(drawings)")
    }
}
