import InstalledSystem
import TestMachines
import Testing

@Suite("Folders of overlays")
struct OverlayFoldersTests {
    @Test(
        "have overlays as soon as one has an entry that is finished",
        arguments: [
            ([], false), (["oem/10.yaml"], false), (["oem/overlays/.10-a.new"], false), (["oem/overlays"], false),
            (["oem/overlays/10-a.raw"], true), (["system/oem/overlays/10-a/x"], true),
        ])
    func haveFiles(files: [String], has: Bool) throws {
        let root = try TestFolder()
        for file in files { try root.write("", to: file) }
        #expect(OverlayFolders.haveFiles(in: root.path) == has)
    }
}
