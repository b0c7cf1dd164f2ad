import JSONText
import LinuxSystem
import Testing

/// Builds a graph of packages with the real program and the real buildah, whose calls are noted.
@Suite("A graph of twenty packages", .enabled(if: ThisProcess.isRoot), .timeLimit(.minutes(15)))
struct PackageGraphInteropTests {
    @Test("is built in order, and each change builds exactly what it reaches")
    func graph() throws {
        let graph = try GraphLayer()
        let path = try graph.layer.notingBuildah()
        try Self.cold(graph, path)
        try Self.warm(graph, path)
        try Self.lowest(graph)
        try Self.mode(graph)
        try Self.tag(graph, path)
    }

    private static func cold(_ graph: GraphLayer, _ path: [String: String]) throws {
        let dry = try graph.layer.boatyard(["package", "build", "--dry-run"])
        #expect(dry.status == 1 && dry.names("due") == GraphLayer.folders.union(["low", "b1", "b2", "b3", "b4"]))
        // Each behind what it waits for.
        #expect(dry.waits("app/a2", "waiting") == ["app/low 1.0", "app/a1 1.0"], "\(dry.lines)")
        #expect(dry.tooEarly(needs: GraphLayer.bases, ["due", "waiting"], by: "waiting") == [])
        let cold = try graph.layer.boatyard(["package", "build"], environment: path)
        try #require(cold.status == 0, "\(cold.errors)")
        #expect(cold.names("built") == GraphLayer.all && GraphLayer.all.count == 20)
        #expect(cold.tooEarly(needs: GraphLayer.bases) == [])
        // Of a chain and its end nobody can build two at a time.
        #expect(
            cold.lines.contains {
                $0["state"] == "idle" && $0["waits"] == ["app/a4 1.0"] || $0["waits"] == ["app/a3 1.0"]
            })
        let low = try #require(cold.lines.first { $0["state"] == "built" && $0["subject"] == "app/low 1.0" })
        #expect(low["milliseconds"]?.integer ?? 0 > 10 && low["bytes"]?.integer ?? 0 > 40, "\(low)")
        #expect(cold.lines.last?["message"] == "Packages: 20 built.")
        #expect(try graph.layer.run("grep -c ' from ' calls") != "0\n")
    }

    private static func warm(_ graph: GraphLayer, _ path: [String: String]) throws {
        try graph.layer.run(": >calls")
        let warm = try graph.layer.boatyard(["package", "build"], environment: path)
        #expect(warm.names("cached") == GraphLayer.all && warm.names("started", "built", "unchanged") == [])
        #expect(try graph.layer.run("cat calls") == "")
        // A second is what it may take; many tests at a time take longer.
        #expect(warm.duration < .seconds(5), "\(warm.duration)")
    }

    private static func lowest(_ graph: GraphLayer) throws {
        try graph.layer.edit("packages/low/text", "# a remark", "# another remark")
        let equal = try graph.layer.boatyard(["package", "build"])
        #expect(equal.names("unchanged") == ["low"] && equal.names("started") == ["low"], "\(equal.errors)")
        #expect(equal.names("cached").count == 19)
        try graph.layer.edit("packages/low/text", "the text", "another text")
        let other = try graph.layer.boatyard(["package", "build"])
        #expect(other.names("built") == GraphLayer.aboveLow.union(["low"]), "\(other.errors)")
        #expect(other.names("cached").count == 10 && other.names("unchanged") == [])
        #expect(other.tooEarly(needs: GraphLayer.bases) == [])
    }

    private static func mode(_ graph: GraphLayer) throws {
        try graph.layer.run("chmod 755 layer/packages/f1/tree/usr/share/graph/f1")
        let mode = try graph.layer.boatyard(["package", "build"])
        #expect(mode.names("started") == ["f1", "top"], "\(mode.errors)")
        #expect(mode.cause("app/f1", "started").contains("0644 "))
        #expect(mode.names("cached").count == 18)
    }

    private static func tag(_ graph: GraphLayer, _ path: [String: String]) throws {
        try graph.moveTag(to: "two")
        try graph.layer.run(": >calls")
        let locked = try graph.layer.boatyard(["package", "build"], environment: path)
        #expect(locked.names("cached") == GraphLayer.all && locked.names("started") == [])
        #expect(try graph.layer.run("cat calls") == "")
        let update = try graph.layer.boatyard(["lock", "--update"])
        #expect(update.status == 0 && update.lines.last?["changed"] == true, "\(update.errors)")
        let built = try graph.layer.boatyard(["package", "build"])
        // All that the image is below of; their own bytes are what they were.
        #expect(built.names("unchanged") == Set(GraphLayer.bases.keys), "\(built.errors)")
        #expect(built.names("cached") == GraphLayer.folders)
    }
}
