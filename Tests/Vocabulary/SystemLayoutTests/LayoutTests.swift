import SystemPackage
import Testing

@testable import SystemLayout

@Suite("Layout")
struct LayoutTests {
    @Test("parents come before children, whatever the order they are named in")
    func depth() {
        let paths: [FilePath] = ["/var/log/x", "/var", "/etc/ssh", "/a", "/var/log"]
        #expect(Layout.byDepth(paths) == ["/a", "/var", "/etc/ssh", "/var/log", "/var/log/x"])
    }

    @Test("the command line wins over the file, and a path is kept in one way only")
    func commandLine() throws {
        var layout = Layout.default
        layout.persistentPaths = ["/data"]
        layout.volumes = [.init(device: .label("old"), path: "/srv", required: false)]
        let merged = try layout.merging(
            overlay: "LABEL=scratch", volumes: ["LABEL=new:/srv", "PARTLABEL=d:/data", "/dev/vdb1:/opt"])
        #expect(merged.store == .device(.label("scratch")))
        #expect(merged.volumes.map(\.path) == ["/srv", "/data", "/opt"])
        #expect(merged.volumes.map(\.device) == [.label("new"), .partitionLabel("d"), .path("/dev/vdb1")])
        #expect(merged.volumes.allSatisfy(\.required) && merged.persistentPaths.isEmpty)
        #expect(!merged.ephemeralPaths.contains("/opt") && merged.ephemeralPaths.contains("/etc"))
        #expect(try layout.merging(overlay: nil, volumes: []) == layout)
    }

    @Test(
        "a parameter that cannot be read is refused",
        arguments: [
            "LABEL=x", "LABEL=x:", "LABEL=x:data", "LABEL=:/data", ":/data", "LABEL=x:/a/../b", "LABEL=x:/dev/y",
            "LABEL=x:/", "", ":",
        ])
    func refused(volume: String) {
        #expect(throws: LayoutError.self) { try Layout.default.merging(overlay: nil, volumes: [volume]) }
    }

    @Test("sizes are percentages or numbers with a suffix", arguments: ["1%", "100%", "512M", "512m", "2g", "65536"])
    func size(text: String) throws {
        #expect(try Layout.Store(parsing: "tmpfs:\(text)") == .memory(size: text))
    }

    @Test(
        "a size that tmpfs would not take is refused",
        arguments: ["", "0", "0%", "101%", "5x", "%", "-1", "1.5g", "99999999999999999999", "1%%", "1 %"])
    func badSize(text: String) {
        #expect(throws: LayoutError.self) { try Layout.Store(parsing: "tmpfs:\(text)") }
    }
}
