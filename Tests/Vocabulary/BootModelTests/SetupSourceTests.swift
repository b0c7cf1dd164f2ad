import BootModel
import SystemPackage
import Testing

@Suite("lifeboot.setup=")
struct SetupSourceTests {
    @Test(
        "names a path or an address, and keeps a query with equals signs whole",
        arguments: [
            ("lifeboot.setup=/oem/x.yaml", SetupSource.path("/oem/x.yaml")),
            ("cos.setup=file:///etc/x", .path("/etc/x")), ("elemental.setup=/a/../b/", .path("/b")),
            ("lifeboot.setup=https://h/p?a=b&c=d==", .address("https://h/p?a=b&c=d==")),
            ("lifeboot.setup=HTTP://h/x", .address("HTTP://h/x")), ("lifeboot.setup=x.yaml", .unknown("x.yaml")),
            ("lifeboot.setup=/", .unknown("/")), ("lifeboot.setup=ftp://h/x", .unknown("ftp://h/x")),
            ("lifeboot.setup=", .unknown("")),
        ])
    func kinds(word: String, source: SetupSource) {
        #expect(BootParameters(KernelCommandLine(parsing: word)).setupSources == [source])
    }

    @Test("can be given again, and only paths are looked at before there is a network")
    func several() {
        let line = "lifeboot.setup=/b lifeboot.setup=http://h/x quiet lifeboot.setup=/a"
        #expect(BootParameters(KernelCommandLine(parsing: line)).setupPaths == ["/b", "/a"])
    }
}
