import JSONText
import SystemPackage
import Testing

@testable import ReportPlanning

@Suite("What a report is made of")
struct ReportPlanTests {
    private let parts = ReportPlan.parts(
        runtimeFiles: ["/run/lifeboot/boot.json", "/run/lifeboot/stages/boot.json"], namedFolders: ["/oem"])

    @Test("each part has a name of its own, and bounds in size and time")
    func bounds() {
        #expect(Set(parts.map(\.name)).count == parts.count)
        #expect(
            parts.allSatisfy { (1...(4 << 20)).contains($0.limit) && (.seconds(1)...(.seconds(180))).contains($0.time) }
        )
        let total = parts.reduce(Duration.zero) { $0 + $1.time }
        #expect(total < .seconds(1_200), "the worst machine has its report in time: \(total)")
    }

    @Test("what others are taken from is gathered before them")
    func order() throws {
        let status = try #require(parts.firstIndex { $0.name == ReportPlan.statusName })
        for part in parts.indices {
            switch parts[part].source {
            case .statusMembers, .nextBoot: #expect(status < part)
            default: break
            }
        }
    }

    @Test("no file of OEM, no key and no credentials are read: they are only named")
    func reads() {
        for part in parts {
            guard case .file(let file) = part.source else { continue }
            let isKnown = ["/run/lifeboot", "/proc", "/etc/os-release"].contains { file.starts(with: FilePath($0)) }
            #expect(isKnown, "\(file)")
        }
        #expect(parts.contains { $0.source == .names(below: ["/oem"]) })
    }

    @Test("documents below /run/lifeboot keep their places, and stay documents")
    func runtime() {
        let names = parts.filter { $0.name.hasPrefix("run/") }
        #expect(names.map(\.name) == ["run/boot.json", "run/stages/boot.json"])
        #expect(names.allSatisfy { $0.isJSON })
    }

    @Test("the journal is asked for this boot and those before, with an end")
    func journal() {
        let sources = parts.compactMap { part -> [String]? in
            if case .program("journalctl", let arguments) = part.source { arguments } else { nil }
        }
        #expect(sources.count == 2 + ReportPlan.formerBoots)
        #expect(sources.dropFirst().enumerated().allSatisfy { $1.starts(with: ["-b", "-\($0)"]) && $1.contains("-n") })
    }

    @Test("the line of the next boot is this one with what GRUB chooses anew")
    func nextLine() {
        let line = "BOOT_IMAGE=x root=LABEL=a lifeboot.role=active lifeboot.image=0 lifeboot.reason=default quiet\n"
        #expect(
            NextBootLine.line(line, role: "recovery", image: "1", reason: "fallback")
                == "BOOT_IMAGE=x root=LABEL=a lifeboot.role=recovery lifeboot.image=1 lifeboot.reason=fallback quiet")
    }
}
