import BuildPlanning
import JSONText
import OutputSchemas
import Testing

@testable import BuilderCommands

@Suite("boatyard doctor")
struct DoctorCommandTests {
    private static func needs(without missing: Set<String>, subordinates: Bool = true) -> HostNeeds {
        HostNeeds(
            for: HostNeeds.Work.allCases,
            HostFacts(
                isRoot: false, user: "ann", programs: Set(HostNeeds.programs.map(\.name)).subtracting(missing),
                hasSubordinates: subordinates, mountsOverlays: true))
    }

    @Test("names each program with what it is for, and ends with one command")
    func lines() {
        #expect(DoctorCommand.lines(Self.needs(without: [])) == ["Nothing is missing."])
        #expect(
            DoctorCommand.lines(Self.needs(without: ["buildah", "mcopy"])) == [
                "buildah is missing: it runs the steps of builds, for package",
                "mcopy is missing: it fills the boot partition, for disk, iso",
                "Run as root: apt-get install buildah mtools",
            ])
        #expect(DoctorCommand.lines(Self.needs(without: [], subordinates: false)).count == 1)
    }

    @Test("says the same as JSON")
    func json() throws {
        let json = DoctorCommand.json(Self.needs(without: ["buildah"], subordinates: false))
        try OutputSchema.check(json, "doctor")
        #expect(json["missing"]?.elements?.first?["package"]?.text == "buildah")
        #expect(json["installation"]?.text == "apt-get install buildah" && json["others"]?.elements?.count == 1)
        #expect(DoctorCommand.json(Self.needs(without: []))["installation"] == .null)
    }
}
