import Testing

@testable import ImagePlanning

@Suite("Index of a tree")
struct TreeIndexTests {
    private static func tree(_ nodes: [String: TreeIndex.Node]) -> TreeIndex {
        var tree = TreeIndex()
        for (path, node) in nodes { tree.add(node, at: path) }
        return tree
    }

    @Test(
        "links are followed inside the tree, as its own system would",
        arguments: [
            ("bin/sh", "usr/bin/dash"), ("usr/bin/sh", "usr/bin/dash"), ("etc/up", "usr/bin/dash"),
            ("etc/over", "usr/bin/dash"), ("./usr//bin/dash", "usr/bin/dash"),
        ])
    func links(path: String, end: String) {
        let tree = Self.tree([
            "bin": .link("usr/bin"), "usr/bin/sh": .link("dash"), "usr/bin/dash": .file(architecture: "amd64"),
            "etc/up": .link("../usr/bin/sh"), "etc/over": .link("/../../bin/sh"),
        ])
        #expect(tree.follow(path) == .found(end, .file(architecture: "amd64")))
        #expect(tree.architecture(of: path) == "amd64" && tree.hasFile(path))
    }

    @Test("a loop and a link to nothing end, and say where")
    func ends() {
        let tree = Self.tree(["a": .link("b"), "b": .link("a"), "c": .link("d/e"), "d": .directory(permissions: 0o755)])
        guard case .nothing = tree.follow("a") else { return #expect(Bool(false)) }
        #expect(tree.follow("c") == .nothing("d/e") && !tree.hasFile("d"))
    }

    @Test("a further name has what the first one has")
    func names() {
        var tree = Self.tree([
            "usr/bin/busybox": .file(architecture: "arm64"), "usr/bin/x/y": .other, "sbin": .link("usr/bin"),
        ])
        tree.add("usr/bin/init", sameAs: "usr/bin/busybox")
        tree.add("usr/bin/other", sameAs: "opt/unknown")
        #expect(tree.architecture(of: "sbin/init") == "arm64" && tree.hasFile("usr/bin/other"))
    }

    @Test("only what a check asks about is recorded")
    func recorded() {
        let file = TreeIndex.Node.file(architecture: nil)
        for path in ["init", "etc/fstab", "usr/bin/lifeboot", "usr/lib/systemd/system/x.service", "usr/lib/init"] {
            #expect(RootfsRules.isIndexed(path: path, node: file), "\(path)")
        }
        for path in ["usr/share/doc/x", "usr/lib/x86_64-linux-gnu/libc.so.6", "var/lib/dpkg/status"] {
            #expect(!RootfsRules.isIndexed(path: path, node: file), "\(path)")
        }
        #expect(!RootfsRules.isIndexed(path: "usr/share/a/b", node: .link("c")))
        #expect(RootfsRules.isIndexed(path: "var/lib/data", node: .directory(permissions: 0o755)))
    }
}
