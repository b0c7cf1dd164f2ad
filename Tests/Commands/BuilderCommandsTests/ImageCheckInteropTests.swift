import LinuxSystem
import SystemPackage
import Testing

/// Looks at a layer's image without leaving one.
@Suite("boatyard image build --check", .enabled(if: ThisProcess.isRoot), .timeLimit(.minutes(15)))
struct ImageCheckInteropTests {
    private static let file = """
        steps: [cat /build/word >/usr/share/step]
        finalize:
          - cp /usr/share/step /boot/initrd.img-6.1-2
          - cat /proc/sys/kernel/random/uuid >/usr/share/now; cat /proc/sys/kernel/random/uuid >/usr/share/seed
          - ": >/usr/share/$(cat /proc/sys/kernel/random/uuid).empty; : >/usr/share/same"
        reproducible: {exclude: [/usr/share/seed]}
        """

    @Test("names what is not the same twice and which step made it, and nothing that is excluded or equal")
    func unequal() throws {
        let layer = try BuiltLayer.copy()
        try ImageLayerFixture.write(to: layer, Self.file)
        let found = try ImageLayerFixture.build(layer, ["--check"])
        #expect(found.status == 1, "\(found.text)")
        let lines = found.text.split(separator: "\n").filter { $0.contains("not the same when it is built twice") }
        #expect(lines.count == 3, "\(found.text)")
        let now = lines.first { $0.contains("/usr/share/now: content ") }
        #expect(
            now?.hasSuffix(
                "(image/harbour.finalize, 'cat /proc/sys/kernel/random/uuid >/usr/share/now; cat /proc/sys/kernel/random/uuid >/usr/share/seed')"
            ) == true, "\(lines)")
        #expect(lines.contains { $0.hasSuffix(".empty: only in the first build (image/harbour.finalize)") })
        #expect(
            lines.contains { $0.contains(".empty: only in the second build (image/harbour.finalize, ': >/usr/share/$") }
        )
        #expect(found.text.contains("'reproducible.exclude' names it: /usr/share/seed"))
        #expect(try layer.run("ls; ls cache/work").contains("out") == false)

        // Nothing else is wrong with it, and what was compared is not what is built.
        try layer.edit("derivative.yaml", "cat /proc/sys/kernel/random/uuid >/usr/share/now;", "")
        try layer.edit("derivative.yaml", "$(cat /proc/sys/kernel/random/uuid).empty", "x")
        let good = try ImageLayerFixture.build(layer, ["--check"])
        #expect(good.status == 0 && good.lines == "harbour 1.0 is good.\n", "\(good.text)")
        #expect(good.text.contains("image/harbour.steps 0: building: once more"), "\(good.text)")
        let again = try ImageLayerFixture.build(layer, ["--check", "--locked", "--offline"])
        #expect(again.status == 0 && !again.text.contains("app/mid 1.0: building"), "\(again.text)")
    }

    @Test("fails with what keeps the image from being built: a file, a check, a size")
    func faults() throws {
        let layer = try BuiltLayer.copy()
        try ImageLayerFixture.write(to: layer, Self.file.replacing("$(cat /proc/sys/kernel/random/uuid)", with: "x"))
        try layer.edit("derivative.yaml", "oem: oem", "oem: oem\nsizes: {state: 4KiB}")
        let small = try ImageLayerFixture.build(layer, ["--check"])
        #expect(small.status == 2 && small.text.contains("do not fit into 4096"), "\(small.text)")
        // Both are told in one run.
        #expect(small.text.contains("/usr/share/now: content"))
        try layer.run("rm layer/files/boot/vmlinuz-6.1-2")
        let unbootable = try ImageLayerFixture.build(layer, ["--check"])
        #expect(unbootable.status == 2 && unbootable.text.contains("kernel"), "\(unbootable.text)")
        try layer.edit("derivative.yaml", "oem: oem", "oem: none")
        let absent = try ImageLayerFixture.build(layer, ["--check"])
        #expect(absent.status == 2 && absent.text.contains("layer/none"), "\(absent.text)")
        try layer.edit("derivative.yaml", "oem: none", "ome: none")
        let unknown = try ImageLayerFixture.build(layer, ["--check"])
        #expect(unknown.status == 2 && unknown.text.contains("ome"), "\(unknown.text)")
    }
}
