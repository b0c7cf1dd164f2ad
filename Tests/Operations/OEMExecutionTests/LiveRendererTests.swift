import LinuxSystem
import OEMExecution
import OEMPlanning
import SystemPackage
import Testing

@Suite("Templates with the facts of a machine")
struct LiveRendererTests {
    private static let id = "0123456789abcdef0123456789abcdef"

    @Test(
        "are filled in, and what is for other programs stays",
        arguments: [
            ("plain", "plain", false), ("{{ .Values.node.machineid }}", id, false),
            ("{{ trunc 4 .Values.node.machineid }}-x", "0123-x", false), ("{{ .Values.os.name }}", "Demo 1", false),
            ("{{% raw %}}", "{{% raw %}}", true), ("{{ ds.meta_data.x }}", "{{ ds.meta_data.x }}", true),
        ])
    func renders(text: String, result: String, isNoted: Bool) throws {
        let root = try FixtureRoot(["/etc/machine-id": "\(Self.id)\n", "/etc/os-release": "PRETTY_NAME=\"Demo 1\"\n"])
        let rendered = try LiveRenderer(root: root.path).render(text, forHostname: false)
        #expect(rendered.text == result)
        #expect((rendered.note != nil) == isNoted)
    }

    @Test("give a hostname its own data, and no name without the data")
    func hostname() throws {
        let root = try FixtureRoot(["/etc/machine-id": "\(Self.id)\n"])
        let renderer = LiveRenderer(root: root.path)
        #expect(try renderer.render("box-{{ trunc 4 .MachineID }}", forHostname: true).text == "box-0123")
        let first = try renderer.render("{{ trunc 4 .Random }}", forHostname: true).text
        #expect(first.utf8.count == 4)
        #expect(try renderer.render("{{ trunc 4 .Random }}", forHostname: true).text == first)
        let other = LiveRenderer(root: try FixtureRoot(["/etc/machine-id": ""]).path)
        #expect(throws: RenderingError.self) { try other.render("{{ .MachineID }}", forHostname: true) }
        #expect(throws: RenderingError.self) { try renderer.render("{{ .Names }}", forHostname: false) }
    }

    @Test(
        "are no templates of others, which would print <no value> where another program fills its own in",
        arguments: ["docker ps --format '{{.Names}}'", "{{ .Repository }}:{{ .Tag }}", "{{- .ID -}}"])
    func formats(text: String) throws {
        let renderer = LiveRenderer(root: try FixtureRoot().path)
        let error = #expect(throws: RenderingError.self) { try renderer.render(text, forHostname: false) }
        #expect(error?.description.contains("{{ \"{{\" }}") == true, "\(error?.description ?? "")")
    }

    @Test("give the protected identifier that the family gives")
    func protected() throws {
        let root = try FixtureRoot(["/etc/machine-id": "\(Self.id)\n"])
        // printf yip | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
        let expected = "297b4a3d8b437cd52b3afdef85057f005a5c3aed3ffb6a9fa36a8d8e04d78b0f"
        #expect(try LiveRenderer(root: root.path).render("{{ .ProtectedID }}", forHostname: true).text == expected)
    }
}
