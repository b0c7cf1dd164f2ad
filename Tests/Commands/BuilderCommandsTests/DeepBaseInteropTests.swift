import LinuxSystem
import Testing

/// Builds on more packages than layers may lie on each other, with the real program and the real buildah.
@Suite("A base of forty packages", .enabled(if: ThisProcess.isRoot), .timeLimit(.minutes(15)))
struct DeepBaseInteropTests {
    /// A layer with a package on forty: busybox, one that removes a program of it, and files.
    private static func layer() throws -> BuiltLayer {
        let layer = try BuiltLayer.copy()
        let numbers = (1...38).map { "p\($0)" }
        for name in numbers {
            try layer.add(name, "artefact: {files: tree/}")
            try layer.run("d=layer/packages/\(name)/tree/usr/share/deep; mkdir -p $d; echo \(name) >$d/\(name)")
        }
        try layer.add(
            "less",
            """
            requires: [system/base]
            build: {from: {packages: [system/base]}, steps: [rm /bin/wget]}
            artefact: {difference: {}, removes: [/bin/wget]}
            """)
        let requests = (["system/base", "app/less"] + numbers.map { "app/\($0)" }).joined(separator: ", ")
        try layer.add(
            "deep",
            """
            build:
              from: {packages: [\(requests)]}
              steps: ["mkdir /srv; cat /usr/share/deep/* >/srv/deep; test ! -e /bin/wget; ls -l /usr/share/deep/p9 >/srv/mode"]
            """)
        return layer
    }

    @Test("is one layer for buildah, and gives with overlays and with copies what forty would")
    func deep() throws {
        let layer = try Self.layer()
        let overlay = try layer.boatyard(["package", "build", "app/deep"])
        #expect(overlay.status == 0 && overlay.packages("built").count == 40, "\(overlay.errors)")
        let names = try layer.content("srv/deep", of: "app/deep").split(separator: "\n").map(String.init)
        #expect(Set(names) == Set((1...38).map { "p\($0)" }))
        #expect(try layer.content("srv/mode", of: "app/deep").hasPrefix("-rw-r--r--"))
        #expect(try layer.run("ls cache/bases | grep -c flat") == "1\n")
        let first = try layer.artefacts()
        let cause = try layer.boatyard(["package", "build", "app/deep", "--explain"]).cause("app/deep", "cached")
        try layer.run("rm -r cache")
        let copies = try layer.boatyard(["package", "build", "app/deep", "--storage", "vfs"])
        #expect(copies.status == 0, "\(copies.errors)")
        let second = try layer.artefacts()
        #expect(second["app/deep"] != nil && second.allSatisfy { first[$0.key] == $0.value })
        #expect(try layer.boatyard(["package", "build", "app/deep", "--explain"]).cause("app/deep", "cached") == cause)
    }
}
