import JSONText
import LinuxSystem
import SystemPackage
import TestServers
import Testing

/// A layer of twenty little packages on one image, which is in a registry of its own.
///
/// `low` is below `a1` to `a4`, a chain, and below `d1` to `d3`, which `join` joins; `b1` to `b4` are beside it, `b5` is on
/// one of these; `f1` to `f5` are files of folders; `top` is on all kinds.
struct GraphLayer {
    /// What each is built on, of those that are built in containers.
    static let bases: [String: [String]] = [
        "low": [], "a1": ["low"], "a2": ["a1"], "a3": ["a2"], "a4": ["a3"], "d1": ["low"], "d2": ["low"], "d3": ["low"],
        "join": ["d1", "d2", "d3"], "b1": [], "b2": [], "b3": [], "b4": [], "b5": ["b1"],
        "top": ["a4", "join", "b5", "f1"],
    ]
    /// Those that are files of folders.
    static let folders: Set<String> = ["f1", "f2", "f3", "f4", "f5"]
    /// Those that have `low` below them.
    static let aboveLow: Set<String> = ["a1", "a2", "a3", "a4", "d1", "d2", "d3", "join", "top"]
    /// All of them.
    static var all: Set<String> { folders.union(bases.keys) }

    private let registry: RegistryServer
    let layer: BuiltLayer

    /// Writes the layer, and puts its image into a registry.
    init() throws {
        let registry = try RegistryServer()
        self.registry = registry
        layer = try BuiltLayer.new([
            "--set", "image=oci://\(registry.host)/ground:latest", "--plain-http", registry.host,
        ])
        try layer.run("mkdir layer; printf 'format: 1\\nname: graph\\nvalues: {image: none}\\n' >layer/boatyard.yaml")
        for (name, bases) in Self.bases { try layer.add(name, Self.text(name, on: bases)) }
        try layer.run("printf '# a remark\\nthe text\\n' >layer/packages/low/text")
        for name in Self.folders {
            try layer.add(name, "artefact: {files: tree/}")
            try layer.run(
                "cd layer/packages/\(name); mkdir -p tree/usr/share/graph; echo \(name) >tree/usr/share/graph/\(name)")
        }
        try layer.run(
            "mkdir -p tree/etc tree/bin; cp /bin/busybox tree/bin/; for n in sh cat echo grep mkdir mv; do ln -s busybox tree/bin/$n; done"
        )
        try moveTag(to: "one")
    }

    /// Makes another image, and gives it the tag that the packages name.
    func moveTag(to release: String) throws {
        try layer.run(LayerSources.image(release))
        try layer.run(
            "skopeo --insecure-policy copy -q --dest-tls-verify=false oci:image:latest docker://\(registry.host)/ground:latest"
        )
    }

    private static func text(_ name: String, on bases: [String]) -> String {
        let requests = bases.map { "app/\($0)" }.joined(separator: ", ")
        let content = name == "low" ? "grep -v '^#' /build/text" : "echo \(name); cat /usr/share/graph/*"
        return """
            requires: [\(requests)]
            build:
              from: {image: "${values.image}", packages: [\(requests)]}
              steps: ["mkdir -p /usr/share/graph; { \(content) || true; } >/made; mv /made /usr/share/graph/\(name)"]
            """
    }
}

extension BuiltLayer.Outcome {
    /// The names of packages of `app` in a state of the events.
    func names(_ states: String...) -> Set<String> {
        Set(states.flatMap { packages($0) }.map { String($0.dropFirst("app/".count)) })
    }

    /// What a package in a state waits for.
    func waits(_ name: String, _ state: String) -> [String] {
        let line = lines.first { $0["state"]?.text == state && $0["subject"]?.text?.hasPrefix("\(name) ") == true }
        return line?["waits"]?.elements?.compactMap(\.text) ?? []
    }

    /// What came before what it needs was there, by the order of the events.
    ///
    /// - Parameters:
    ///   - there: the states of those that count as there.
    ///   - coming: the state of one that comes.
    func tooEarly(
        needs: [String: [String]], _ there: [String] = ["built", "unchanged", "cached"], by coming: String = "started"
    ) -> [String] {
        var done: Set<String> = []
        var early: [String] = []
        for line in lines {
            guard let state = line["state"]?.text, let subject = line["subject"]?.text else { continue }
            let name = String(subject.dropFirst("app/".count).prefix { $0 != " " })
            if there.contains(state) { done.insert(name) }
            if state == coming, !done.isSuperset(of: needs[name] ?? []) { early.append(name) }
        }
        return early
    }
}
