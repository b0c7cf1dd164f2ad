import ImageFolders
import ImageModel
import JSONText
import LinuxSystem
import OutputSchemas
import SystemPackage
import TestMachines
import Testing

@testable import AgentCommands

struct StatusCommandTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func configuration(_ text: String) throws -> (recoveryStays: Bool, notes: [String]) {
        try folder.write(text, to: "oem.yaml")
        let files = [folder.path.appending("image.yaml"), folder.path.appending("oem.yaml")]
        return StatusCommand.configuration(files, seal: SystemSeal(root: folder.path.appending("root")))
    }

    @Test(arguments: [("policy: {recovery-upgrade: refuse}\n", true), ("policy: {recovery-upgrade: allow}\n", false)])
    func `whether recovery stays what it is, is what the configuration says`(text: String, stays: Bool) throws {
        let found = try configuration(text)
        #expect(found.recoveryStays == stays && found.notes == [])
    }

    @Test func `a configuration that cannot be read is a problem that names its line`() throws {
        let notes = try configuration("policy: {recovery-upgrades: refuse}\n").notes
        #expect(notes.count == 1 && notes[0].contains("oem.yaml") && notes[0].contains("recovery-upgrades"), "\(notes)")
    }

    @Test func `in a sealed system a file without a signature is named, with what to do`() throws {
        try folder.write("", to: "root/usr/lib/lifeboot/sealed")
        let notes = try configuration("policy: {recovery-upgrade: refuse}\n").notes
        #expect(notes.count == 1)
        for words in [
            "oem.yaml does not count in a sealed system", "there is no \(folder.path)/oem.yaml.sig", "Sign it",
        ] {
            #expect(notes.first?.contains(words) == true, "\(notes)")
        }
    }

    @Test("packages are those that the image lists, and an image without a list says so")
    func packages() throws {
        let none = try ImagePackages(root: folder.path)
        #expect(none.lines == ["This image has no list of packages (/usr/lib/lifeboot/packages.json)."])
        #expect(none.json == ["format": 1, "packages": .null])
        try OutputSchema.check(none.json, "packages")
        let path = folder.path.appending(PackageList.path)
        try Folders.make(path.removingLastComponent())
        let digest = Digest(hex: String(repeating: "ab", count: 32))
        try AtomicFile.write(
            PackageList([.init("system/base", "12-1", digest: digest), .init("app/x", "1")]).serialized(), to: path)
        let packages = try ImagePackages(root: folder.path)
        #expect(
            packages.lines == [
                "PACKAGE      VERSION  DIGEST", "system/base  12-1     abababababab", "app/x        1        -",
            ])
        try OutputSchema.check(packages.json, "packages")
        #expect(packages.json["packages"]?.elements?[1] == ["name": "app/x", "version": "1"])
        try AtomicFile.write([0x7B], to: path)
        #expect(throws: PackageListError.self) { try ImagePackages(root: folder.path) }
    }
}
