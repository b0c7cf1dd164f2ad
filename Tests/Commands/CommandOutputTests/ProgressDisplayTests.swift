import Faults
import RegistryModel
import Testing

@testable import CommandOutput

@Suite("The display of progress")
struct ProgressDisplayTests {
    /// What is shown of three files of an image, one after the other.
    private static func shown(_ style: OutputStyle) -> Paper {
        let paper = Paper()
        let output = paper.output(style)
        output.step(1, of: 2, name: "deploy-image", subject: "recovery")
        for file in ["vmlinuz", "initrd.img", "root.squashfs"] {
            for percent in 0...100 {
                paper.time += .milliseconds(100)
                output.report(TransferProgress("copying \(file)", done: percent, total: 100))
            }
        }
        output.committed()
        return paper
    }

    @Test("without a terminal every file has a line for each tenth")
    func lines() {
        let lines = Self.shown(.lines).remarks.split(separator: "\n")
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
        let text = Self.shown(.terminal).remarks
        #expect(text.split(separator: "\n").count == 3)
        let drawings = text.split(separator: "\r").count - 1
        #expect((150...156).contains(drawings), "\(drawings)")
    }

    @Test("programs get five events a second at most, and the first and the last of each activity")
    func json() {
        let lines = Self.shown(.json).results.split(separator: "\n").filter { $0.contains("\"progress\"") }
        #expect((150...156).contains(lines.count), "\(lines.count)")
        for file in ["vmlinuz", "initrd.img", "root.squashfs"] {
            for done in [0, 100] {
                #expect(lines.contains { $0.contains("copying \(file)\",\"done\":\(done),\"total\":100") })
            }
        }
    }

    @Test("what has no end in sight is counted at a terminal, cleared away afterwards, and no line elsewhere")
    func endless() {
        let (terminal, log) = (Paper(), Paper())
        for (paper, style) in [(terminal, OutputStyle.terminal), (log, .lines)] {
            let output = paper.output(style)
            output.report(TransferProgress("packing files", done: 0))
            paper.time += .seconds(1)
            output.report(TransferProgress("packing files", done: 1_250_000))
            output.print(["made"])
            #expect(paper.results == "made\n")
        }
        let clear = "\r\u{1B}[K"
        #expect(terminal.remarks == "\(clear)packing files\(clear)packing files 1.3 MB\(clear)")
        #expect(log.remarks.isEmpty)
    }

    @Test(
        "bytes are in the unit that suits them",
        arguments: [
            (0, "0 bytes"), (999, "999 bytes"), (1_000, "1.0 kB"), (1_990, "1.9 kB"), (2_500_000, "2.5 MB"),
            (Int.max, "9223372036.8 GB"),
        ])
    func scaled(bytes: Int, expected: String) {
        #expect(ByteText.scaled(bytes) == expected)
    }
}
