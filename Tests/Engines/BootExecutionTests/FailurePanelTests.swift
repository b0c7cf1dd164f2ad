import BootModel
import GrubEnvironment
import ImageModel
import Testing

@testable import BootExecution

@Suite("What the console says of a boot")
struct FailurePanelTests {
    private func report(
        _ name: String? = "acme 3.0", reason: BootReason = .default, tries: Int? = 2, shell: Bool = false
    ) -> BootReport {
        var parameters = BootParameters()
        (parameters.role, parameters.image) = (.active, ImageID("0123456789abcdef"))
        (parameters.reason, parameters.triesLeft, parameters.shellOnFailure) = (reason, tries, shell)
        var report = BootReport(parameters: parameters, started: 0)
        report.imageName = name
        return report
    }

    private func panel(_ report: BootReport, cause: String = "it is damaged") -> String {
        FailurePanel.text(report, BootFailure(phase: .root, step: "mount-root", subject: "root", cause: cause))
    }

    @Test("a failure names the system by name, version and image, the step and the cause")
    func names() {
        let text = panel(report())
        #expect(text.contains("  lifeboot: the active system did not start\n"))
        #expect(text.contains("  system: acme 3.0 (image 0123456789abcdef)\n"))
        #expect(text.contains("  step:   mount-root root\n  cause:  it is damaged\n"))
        #expect(panel(report(nil)).contains("  system: image 0123456789abcdef\n"))
    }

    @Test("a long cause is broken between words, so that no line is longer than a screen; a long word stands alone")
    func wraps() {
        let word = String(repeating: "x", count: 90)
        let cause = String(repeating: "every word of it counts ", count: 30) + word + " and on"
        let lines = panel(report(), cause: cause).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= FailurePanel.width || $0.contains(word) })
        let words = lines.joined(separator: " ").split(separator: " ")
        #expect(words.count { $0 == "counts" } == 30 && lines.contains { $0 == "          \(word)" })
        let broken = lines.filter { $0.contains("counts") }
        #expect(broken.count < 14 && broken.dropFirst().allSatisfy { $0.hasPrefix("          ") })
    }

    @Test(
        "it says what happens now",
        arguments: [(0, "No attempts are left"), (1, "1 more attempt before"), (2, "2 more attempts")])
    func next(tries: Int, words: String) { #expect(panel(report(tries: tries)).contains(words)) }

    @Test("a boot that is not counted leaves it a minute, or a shell, on the screen")
    func uncounted() {
        #expect(panel(report(tries: nil)).contains("Starting again in 60 s."))
        #expect(panel(report(tries: 1)).contains("Starting again in 5 s;"))
        #expect(panel(report(tries: nil, shell: true)).contains("A shell opens"))
    }

    @Test(
        "a boot that goes well is one line",
        arguments: [
            (.default, 2, "active, attempt 1 of 3"), (.fallback, 0, "active, fallback, attempt 3 of 3"),
            (.menu, nil, "active, menu"), (.default, 8, "active, 8 attempts left"),
        ] as [(BootReason, Int?, String)])
    func starts(reason: BootReason, tries: Int?, about: String) {
        #expect(StartMessage.text(report(reason: reason, tries: tries)) == "lifeboot: starting acme 3.0 (\(about))")
    }
}
