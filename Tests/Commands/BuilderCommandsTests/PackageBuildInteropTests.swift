import JSONText
import LinuxSystem
import SystemPackage
import TestServers
import Testing

/// Runs the real program with the real buildah; what one build shows is asked of one build.
@Suite("boatyard package build", .enabled(if: ThisProcess.isRoot), .timeLimit(.minutes(15)))
struct PackageBuildInteropTests {
    /// Lists what is under way.
    static let leftovers = "ls cache/work | grep -v 'images\\|lock' || true"

    @Test("makes layers of what the steps changed, and of nothing else")
    func cold() throws {
        let (layer, outcome) = try BuiltLayer.cold.get()
        try #require(outcome.status == 0, "\(outcome.errors)")
        let all: Set<String> = [
            "system/base", "app/low", "app/mid", "app/top", "app/side", "app/file", "app/tools",
        ]
        #expect(outcome.packages("built") == all)
        // Owners, modes and folders above; what was prepared, accounts of the layer, and the secret are not content.
        #expect(
            try layer.list("app/low") == [
                "drwxr-xr-x 0/0 usr/", "drwxr-xr-x 0/0 usr/share/", "-rw-r--r-- 0/0 usr/share/id",
                "-rw-r--r-- 0/0 usr/share/length", "-rw-r--r-- 0/0 usr/share/low",
            ])
        #expect(try layer.content("usr/share/low", of: "app/low") == "the text\nhello\n")
        #expect(
            try layer.content("usr/share/id", of: "app/low")
                == "0\n0022\n/\n946684800 /root UTC\n3\nuid=102(tide) gid=102(tide) groups=102(tide)\n")
        // A split; a network that has a loopback device alone.
        let network = try layer.content("usr/share/net", of: "app/low-net")
        #expect(network.split(separator: "\n").count == 1 && network.hasPrefix("1: lo:"), "\(network)")
        #expect(try layer.list("app/low-net").last == "-rw-r--r-- 0/0 usr/share/net")
        // A folder as root, a copy of a package, a container of another build, a Containerfile.
        #expect(try layer.list("app/top") == ["drwxr-xr-x 0/0 opt/", "-rw-r--r-- 0/0 opt/top"])
        #expect(try layer.content("usr/share/copied/side", of: "app/mid") == "one\n")
        #expect(try layer.content("usr/share/tools", of: "app/tools") == "not content\n")
        #expect(try layer.content("srv/text", of: "app/file") == "from the folder\n")
        #expect(try layer.content("srv/made", of: "app/file") == "made\n")
        // The secret is nowhere, also not in a store, a record or a log.
        let found = try layer.run("grep -rl \(BuiltLayer.secret) cache || true")
        #expect(found == "", "\(found)")
        let unpacked = try layer.run(
            "for f in cache/blobs/sha256/*; do gzip -dc $f 2>/dev/null | grep -q \(BuiltLayer.secret) && echo $f; done; true"
        )
        #expect(unpacked == "")
        #expect(try layer.content("usr/share/length", of: "app/low") == "\(BuiltLayer.secret.count)\n")
        #expect(try layer.run("\(Self.leftovers); grep -F \(layer.folder) /proc/mounts || true") == "")
    }

    @Test("starts no container when nothing has changed, says why, and asks nobody")
    func warm() throws {
        let layer = try BuiltLayer.copy()
        let path = try layer.notingBuildah()
        let outcome = try layer.boatyard(["package", "build", "--offline", "--explain"], environment: path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.packages("cached").count == 7 && outcome.packages("built", "unchanged", "started") == [])
        #expect(outcome.cause("app/low", "cached").contains("key "))
        #expect(outcome.duration < .seconds(2), "\(outcome.duration)")
        #expect(try layer.run("cat calls") == "")
        // No overlay is tried either.
        #expect(try layer.run(Self.leftovers) == "")
        let dry = try layer.boatyard(["package", "build", "--dry-run"], environment: path)
        #expect(dry.status == 0 && dry.packages("due") == [])
        // What people read of a package needs no build.
        try layer.edit("packages/low/package.yaml", "requires: ", "description: Words\nrequires: ")
        let described = try layer.boatyard(["package", "build"], environment: path)
        #expect(described.packages("cached").count == 7)
        #expect(try layer.run("cat calls") == "")
    }

    @Test("builds what has changed, and those above it only when its bytes are others")
    func changes() throws {
        let layer = try BuiltLayer.copy()
        try layer.edit("packages/low/text", "# a remark", "# another remark")
        let same = try layer.boatyard(["package", "build"])
        #expect(same.status == 0, "\(same.errors)")
        // Its container is another one for those that are built in it.
        #expect(same.packages("unchanged") == ["app/low", "app/tools"] && same.packages("built") == [])
        #expect(same.cause("app/low", "started").hasPrefix("file text: 0644 sha256:"))
        try layer.edit("packages/low/text", "the text", "a text")
        let dry = try layer.boatyard(["package", "build", "--dry-run"])
        #expect(dry.status == 1 && dry.packages("due") == ["app/low"])
        let other = try layer.boatyard(["package", "build"])
        #expect(other.packages("built") == ["app/low", "app/mid"], "\(other.errors)")
        // What it makes of them is the same.
        #expect(other.packages("unchanged") == ["app/top", "app/tools"])
        #expect(other.packages("cached") == ["system/base", "app/side", "app/file"])
        try layer.run("chmod 755 layer/packages/mid/run")
        let mode = try layer.boatyard(["package", "build"])
        #expect(mode.packages("built") == ["app/mid", "app/top"], "\(mode.errors)")
        #expect(mode.cause("app/mid", "started").contains("0644 ") && mode.packages("cached").count == 5)
        #expect(try layer.content("opt/top", of: "app/top") == "-rwxr-xr-x\n")
    }

    @Test(
        "starts a step again that buildah could not start for a moment, and not without end",
        arguments: [("run", 2), ("run", 3), ("build", 2)])
    func restarts(verb: String, times: Int) throws {
        let layer = try BuiltLayer.copy()
        try layer.add("one-step", "build: {from: {packages: [app/low]}, steps: [\"mkdir /srv; echo ran >/srv/it\"]}")
        if verb == "build" {
            try layer.add("one-step", "build: {containerfile: Containerfile}")
            try layer.run(
                "printf 'FROM ${values.image}\\nRUN mkdir -p /srv; echo ran >/srv/it\\n' >layer/packages/one-step/Containerfile"
            )
        }
        let outcome = try layer.boatyard(
            ["package", "build", "app/one-step"], environment: try layer.refusingBuildah(verb, times: times))
        #expect((outcome.status == 0) == (times == 2), "\(outcome.errors)")
        #expect(try layer.run("wc -l <starts") == "3\n")
        if times == 2 {
            #expect(try layer.content("srv/it", of: "app/one-step") == "ran\n")
        } else {
            #expect(outcome.errors.contains("sealing memfd copy"))
        }
    }

    @Test("keeps to the lock when the tag of an image moves")
    func tag() throws {
        let layer = try BuiltLayer.copy()
        try BuiltLayer.cold.get().layer.run(LayerSources.image("two"))
        let kept = try layer.boatyard(["package", "build", "--locked"])
        #expect(kept.status == 0 && kept.packages("cached").count == 7, "\(kept.errors)")
        let lock = try layer.boatyard(["lock", "--update"])
        #expect(lock.status == 0 && lock.lines.last?["changed"] == true, "\(lock.errors)")
        let built = try layer.boatyard(["package", "build", "--locked"])
        #expect(built.packages("built") == ["app/side", "app/mid"], "\(built.errors)")
        #expect(built.packages("unchanged") == ["app/file", "app/top"])
        #expect(try layer.content("srv/side", of: "app/side") == "two\n")
    }

    @Test(
        "starts from images of docker's kind and of OCI's, with gzip, zstd and without, from a registry and an archive")
    func kinds() throws {
        let layer = try BuiltLayer.copy()
        let registry = try RegistryServer()
        try layer.run(
            """
            copy() { skopeo --insecure-policy copy -q --dest-tls-verify=false "$@"; }
            copy oci:\(BuiltLayer.image):one docker-archive:docker.tar:a.example/x:1
            copy --dest-compress --dest-compress-format zstd oci:\(BuiltLayer.image):one oci:zstd:1
            copy --format v2s2 oci:\(BuiltLayer.image):one docker://\(registry.host)/v2s2:1
            """)
        let images = [
            "docker": "docker-archive:\(layer.folder)/docker.tar", "zstd": "oci:\(layer.folder)/zstd:1",
            "registry": "oci://\(registry.host)/v2s2:1",
        ]
        for (name, image) in images {
            try layer.add(
                "on-\(name)",
                "build:\n  from: {image: \"\(image)\", packages: [app/low]}\n"
                    + "  steps: [\"mkdir /srv; cat /etc/release /usr/share/low >/srv/side\"]")
        }
        let outcome = try layer.boatyard(["package", "build", "--plain-http", registry.host])
        #expect(
            outcome.packages("built") == ["app/on-docker", "app/on-zstd", "app/on-registry"],
            "\(outcome.cause("app/on-registry", "failed"))")
        let artefacts = try layer.artefacts()
        #expect(Set(images.keys.map { artefacts["app/on-\($0)"] }).count == 1)
        #expect(try layer.content("srv/side", of: "app/on-zstd") == "one\nthe text\nhello\n")
    }

    @Test("says of each failure its place, how it ended, its last words and where the rest is")
    func failures() throws {
        let layer = try BuiltLayer.copy()
        let on = "build:\n  from: {packages: [system/base]}\n  steps:\n"
        try layer.add("fails", on + "    - true\n    - echo first; echo these were its last words; exit 3")
        try layer.add("above", "build:\n  from: {packages: [app/fails]}\n  steps: [\"true\"]")
        try layer.add("bare", "build:\n  from: {packages: [app/side]}\n  steps: [\"true\"]")
        try layer.add(
            "changes",
            on + "    - echo x >>/bin/busybox2; echo x >/bin/echo.txt; touch /etc/new; rm /bin/wc; chmod 700 /tmp")
        try layer.add(
            "declared",
            on
                + "    - rm /bin/wc; chmod 700 /tmp\nartefact:\n  difference: {}\n  overrides: [/tmp]\n  removes: [/bin/wc]"
        )
        try layer.add("nowhere", on + "    - \"true\"\nartefact: {directory: /output}")
        let outcome = try layer.boatyard(["package", "build", "--keep-failed"])
        #expect(outcome.status == 2 && !outcome.lines.isEmpty, "\(outcome.errors)")
        #expect(
            outcome.packages("failed") == ["app/fails", "app/bare", "app/changes", "app/nowhere"],
            "\(outcome.errors)")
        #expect(outcome.packages("skipped") == ["app/above"])
        let fails = outcome.cause("app/fails", "failed")
        for word in [
            "packages/fails/package.yaml:8:7", "exit status 3", "these were its last words",
            "\(layer.cache)/logs/app_fails.log", "run --isolation chroot",
        ] { #expect(fails.contains(word), "\(word): \(fails)") }
        #expect(try layer.run("cat cache/logs/app_fails.log").contains("+ true\n+ echo first"))
        #expect(
            outcome.cause("app/bare", "failed").contains("has no /bin/sh"), "\(outcome.cause("app/bare", "failed"))")
        let changes = outcome.cause("app/changes", "failed")
        #expect(changes.contains("/bin/wc") && changes.contains("/tmp") && !changes.contains("/etc/new"), "\(changes)")
        #expect(outcome.cause("app/nowhere", "failed").contains("/output"))
        #expect(try layer.list("app/declared").contains { $0.hasSuffix(" bin/.wh.wc") })
        #expect(try layer.list("app/declared").contains("drwx------ 0/0 tmp/"))
        // What was built is not built again; the failed container is gone then.
        let again = try layer.boatyard(["package", "build", "app/declared"])
        #expect(again.packages("cached") == ["app/declared", "system/base"])
    }

    @Test("sees a file of the base that was written again with its old size and time, in steps and in a Containerfile")
    func sly() throws {
        let layer = try BuiltLayer.copy()
        let step =
            "touch -r /usr/share/low /tmp/t; { echo THE TEXT; echo hello; } >/usr/share/low; touch -r /tmp/t /usr/share/low"
        let artefact = "artefact: {difference: {}, overrides: [/usr/share/low]}"
        let build = "build:\n  from: {packages: [app/low]}\n"
        try layer.add("sly", "\(build)  steps: [\"\(step)\"]\n\(artefact)")
        try layer.add("slyer", "\(build)  containerfile: Containerfile\n\(artefact)")
        try layer.run("printf 'FROM base\\nRUN \(step)\\n' >layer/packages/slyer/Containerfile")
        // The second time the base is old enough to be believed.
        for _ in 0..<2 {
            let names = ["app/sly", "app/slyer"]
            let outcome = try layer.boatyard(["package", "build"] + names + names.flatMap { ["--rebuild", $0] })
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
        for name in ["app/sly", "app/slyer"] {
            #expect(try layer.content("usr/share/low", of: name) == "THE TEXT\nhello\n")
            #expect(try layer.list(name).last == "-rw-r--r-- 0/0 usr/share/low")
        }
    }

    @Test("brings downloads in by digest, also into a cache that has none, and reaches the network only when asked for")
    func network() throws {
        let layer = try BuiltLayer.copy()
        let server = try ScriptedServer([ScriptedServer.Rule("/file") { $0.body = "published" }])
        let url = "http://127.0.0.1:\(server.port)/file"
        let fetch = "  fetch: [{url: \"\(url)\", to: sub/file}, {url: \"\(url)\", to: /srv/file}]\n"
        try layer.add(
            "fetch",
            "build:\n  from: {packages: [system/base]}\n\(fetch)"
                + "  steps: [\"mkdir -p /srv; cp /build/sub/file /srv/copy; ls -l /build/sub/file | cut -c1-10 >/srv/mode\"]"
        )
        try layer.add(
            "online",
            "build:\n  from: {packages: [system/base]}\n  network: true\n  steps: [\"mkdir /srv; wget -q -O /srv/got \(url)\"]"
        )
        let outcome = try layer.boatyard(["package", "build"])
        #expect(outcome.packages("built") == ["app/fetch", "app/online"], "\(outcome.errors)")
        for file in ["srv/file", "srv/copy"] { #expect(try layer.content(file, of: "app/fetch") == "published") }
        #expect(try layer.content("srv/mode", of: "app/fetch") == "-rw-r--r--\n")
        #expect(try layer.content("srv/got", of: "app/online") == "published")
        let artefact = try layer.artefacts()["app/fetch"]
        try layer.run("rm -rf cache")
        let offline = try layer.boatyard(["package", "build", "app/fetch", "--offline"])
        #expect(offline.status == 2 && offline.cause("app/fetch", "failed").contains("--offline asks nobody"))
        let anew = try layer.boatyard(["package", "build", "app/fetch"])
        #expect(anew.status == 0, "\(anew.errors)")
        #expect(try layer.artefacts()["app/fetch"] == artefact)
    }
}
