import Testing

@testable import BuildPlanning

@Suite("What a machine lacks for building")
struct HostNeedsTests {
    private static func facts(isRoot: Bool, without missing: Set<String> = [], subordinates: Bool = true) -> HostFacts {
        HostFacts(
            isRoot: isRoot, user: "ann", programs: Set(HostNeeds.programs.map(\.name)).subtracting(missing),
            hasSubordinates: subordinates, mountsOverlays: true)
    }

    @Test("is nothing where all is there, for root without ranges and programs of users, too")
    func met() {
        #expect(HostNeeds(for: HostNeeds.Work.allCases, Self.facts(isRoot: false)).isMet)
        #expect(HostNeeds(for: [.package], Self.facts(isRoot: true, without: ["newuidmap"], subordinates: false)).isMet)
    }

    @Test("is named with one command that installs it, for what is to be made alone")
    func missing() {
        let facts = Self.facts(isRoot: false, without: ["buildah", "newuidmap", "mcopy", "mke2fs", "debugfs"])
        let package = HostNeeds(for: [.package], facts)
        #expect(package.programs.map(\.name) == ["buildah", "newuidmap"] && !package.isMet)
        #expect(package.installation == "apt-get install buildah uidmap")
        let disk = HostNeeds(for: [.disk], facts)
        #expect(disk.installation == "apt-get install e2fsprogs mtools")
        #expect(HostNeeds(for: [.image], facts).installation == nil)
        let medium = HostNeeds(for: [.iso], Self.facts(isRoot: false, without: ["xorriso", "mcopy", "qemu-img"]))
        #expect(medium.installation == "apt-get install mtools xorriso")
    }

    @Test("is a range of ids for a user who builds packages, and nobody else")
    func subordinates() {
        let needs = HostNeeds(for: [.package], Self.facts(isRoot: false, subordinates: false))
        #expect(needs.others.count == 1 && needs.others[0].contains("--add-subgids 100000-165535 ann'"))
        #expect(!needs.isMet && needs.installation == nil)
        #expect(HostNeeds(for: [.disk, .image], Self.facts(isRoot: false, subordinates: false)).isMet)
    }
}
