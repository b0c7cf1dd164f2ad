import Foundation
import OEMExecution
import OEMModel
import OEMPlanning
import SystemPackage
import Testing

@Suite("The sources of configuration")
struct OEMSourcesTests {
    @Test("are read folder by folder, in byte order, subfolders in place, and files of other purposes are left out")
    func order() throws {
        let root = try FixtureRoot()
        let names = [
            "/system/oem/90.yaml", "/system/oem/B.yml", "/oem/a.yaml", "/oem/10/z.yaml", "/oem/.hidden.yaml",
            "/oem/layout.yaml", "/oem/lifeboot.yaml", "/oem/note.txt", "/oem/overlays/10-x/a.yaml",
            "/usr/local/cloud-config/1.yaml", "/system/oem/a/deep/1.yaml",
        ]
        for name in names { try root.write("stages: {}", to: name) }
        #expect(
            OEMSources.documents(in: root.path).map(\.path.string) == [
                "/system/oem/90.yaml", "/system/oem/B.yml", "/system/oem/a/deep/1.yaml", "/oem/.hidden.yaml",
                "/oem/10/z.yaml", "/oem/a.yaml", "/usr/local/cloud-config/1.yaml",
            ])
    }

    @Test("of others than the image need a signature in a sealed system")
    func sealed() throws {
        let text = "stages: {boot: [{hostname: x}]}"
        let root = try FixtureRoot(["/system/oem/1.yaml": text, "/oem/1.yaml": text, "/usr/lib/lifeboot/sealed": ""])
        let documents = OEMSources.documents(in: root.path)
        #expect(documents.map(\.file.worst) == [nil, .file])
        #expect(documents[1].file.remarks[0].reason.contains("/oem/1.yaml.sig"))
        #expect(documents[1].file.steps(of: "boot").isEmpty)
    }

    @Test("can be named by a relative path, file or folder")
    func relative() throws {
        let root = try FixtureRoot(["/files/b.yaml": "", "/files/a/c.yml": ""])
        let here = FileManager.default.currentDirectoryPath
        let up = String(repeating: "../", count: here.split(separator: "/").count)
        let path = FilePath(up + root.path.string.dropFirst() + "/files")
        #expect(OEMSources.given(path).map(\.path.lastComponent?.string) == ["c.yml", "b.yaml"])
        #expect(OEMValidation([path]).worst == .note)
        #expect(OEMValidation([FilePath("\(root.path)/usr")]).worst == .file)
    }

    @Test("tell of a file that cannot be read, and go on with the others")
    func unreadable() throws {
        let root = try FixtureRoot(["/oem/1.yaml": "a: [", "/oem/2.yaml": "stages: {boot: [{hostname: x}]}"])
        let big = String(repeating: "#", count: (1 << 20) + 1)
        try root.write(big, to: "/oem/3.yaml")
        let documents = OEMSources.documents(in: root.path)
        #expect(documents.map(\.file.worst) == [.file, nil, .file])
        #expect(documents[1].file.steps(of: "boot").count == 1)
    }
}
