import ImagePlanning
import Testing

@testable import ImageAssembly

@Suite("What an image's own files of configuration are asked")
struct ImageInspectionTests {
    @Test(
        "is whether each of their steps counts",
        arguments: [
            ("system/oem/1.yaml", "stages: {boot: [{hostname: x}]}", nil),
            ("system/oem/1.yaml", "stages:\n  boot:\n    - file: []\n", "system/oem/1.yaml line 3: unknown key 'file'"),
            ("system/oem/a/2.yml", "a: [", "system/oem/a/2.yml line 2: "), ("system/oem/notes.txt", "a: [", nil),
            ("system/oem/overlays/x/3.yaml", "a: [", nil), ("etc/4.yaml", "a: [", nil),
            ("system/oem/1.yaml", "a: [" + String(repeating: "#", count: 64 << 10), nil),
        ])
    func configuration(path: String, text: String, remark: String?) {
        #expect(
            RootfsRules.isText(path: path)
                == (path.hasPrefix("system/oem/") && path.contains(".y") && !path.contains("overlays")))
        let found = ImageInspection.refusedSteps([path: Array(text.utf8)])
        #expect(found.count == (remark == nil ? 0 : 1))
        if let remark { #expect(found.first?.hasPrefix(remark) == true, "\(found)") }
    }
}
