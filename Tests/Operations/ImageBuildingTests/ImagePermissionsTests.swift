import Faults
import ImageAssembly
import Testing

@testable import ImageBuilding

@Suite("Unusual permissions in an image")
struct ImagePermissionsTests {
    private static var findings: RootFindings {
        var findings = RootFindings()
        (findings.setuid, findings.worldWritable) = (["/usr/bin/su", "/bin/mount"], ["/srv/drop"])
        return findings
    }

    @Test("are reported when the file says nothing, and an error when it does and does not name them")
    func verdicts() throws {
        let silent = try ImagePermissions(setuid: nil, worldWritable: nil).notes(Self.findings)
        #expect(
            silent.count == 2 && silent[0].hasSuffix(": /bin/mount, /usr/bin/su") && silent[1].hasSuffix("/srv/drop"))
        #expect(try ImagePermissions(setuid: nil, worldWritable: nil).notes(RootFindings()) == [])
        #expect(
            try ImagePermissions(setuid: ["/usr/bin/*", "/bin/mount"], worldWritable: ["/srv/**"]).notes(Self.findings)
                == [])
        let error = #expect(throws: ImageBuildError.self) {
            try ImagePermissions(setuid: ["/usr/bin/su"], worldWritable: nil).notes(Self.findings)
        }
        #expect(error?.cause == "nobody accepted /bin/mount" && error?.remedy.contains("checks.allow-setuid") == true)
        #expect(throws: ImageBuildError.self) {
            try ImagePermissions(setuid: nil, worldWritable: []).notes(Self.findings)
        }
    }
}
