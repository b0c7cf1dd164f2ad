import ImageFolders
import SystemLayout
import SystemPackage
import TestMachines
import Testing

@testable import BootExecution

@Suite("Looking for the layout")
struct LayoutSearchTests {
    private static func search(_ root: TestFolder, mountPoints: [FilePath] = []) -> LayoutSearch {
        LayoutSearch(RootFilesystems(root: root.path, mountPoints: mountPoints), SystemSeal(root: root.path))
    }

    @Test("OEM's file counts before the machine's, and that before the image's")
    func order() throws {
        let root = try TestFolder()
        var found: [FilePath?] = []
        for (number, file) in ["usr/lib/lifeboot/layout.yaml", "etc/lifeboot/layout.yaml", "oem/layout.yaml"]
            .enumerated()
        {
            try root.write("ephemeral: {paths: [/srv/\(number)]}\n", to: file)
            var search = Self.search(root)
            let (place, layout) = try search.find()
            #expect(layout.ephemeralPaths == [FilePath("/srv/\(number)")])
            found.append(place)
        }
        #expect(found == ["/usr/lib/lifeboot/layout.yaml", "/etc/lifeboot/layout.yaml", "/oem/layout.yaml"])
    }

    @Test("a sealed system passes over OEM's file without a signature, and says so")
    func sealed() throws {
        let root = try TestFolder()
        try root.write("", to: "usr/lib/lifeboot/sealed")
        try root.write("ephemeral: {paths: [/srv]}\n", to: "oem/layout.yaml")
        var search = Self.search(root)
        #expect(try search.find().file == nil)
        #expect(
            search.notes.count == 1 && search.notes[0].hasPrefix("/oem/layout.yaml does not count in a sealed system"))
    }

    @Test("what is wrong in a file is said with its line")
    func wrong() throws {
        let root = try TestFolder()
        try root.write("ephemeral:\n  pathes: []\n", to: "oem/layout.yaml")
        var search = Self.search(root)
        do {
            _ = try search.find()
            Issue.record("it was taken")
        } catch { #expect("\(error)".contains("/oem/layout.yaml") && "\(error)".contains("2")) }
    }
}
