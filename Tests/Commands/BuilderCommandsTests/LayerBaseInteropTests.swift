import JSONText
import LinuxSystem
import SystemPackage
import TestServers
import Testing

/// Builds images on the published images of other layers, with the real program, buildah and docker-registry.
@Suite("An image on that of a layer below", .enabled(if: ThisProcess.isRoot), .serialized, .timeLimit(.minutes(15)))
struct LayerBaseInteropTests {
    /// `low` is published, `high` is there.
    private static func published(_ base: String = "{layer: low, version: '>= 1'}") throws -> PublishedLayers {
        let layers = try PublishedLayers()
        let built = try layers.build("low")
        try #require(built.status == 0, "\(built.text)")
        try layers.publish("low", "1.0")
        try layers.write(
            "high/boatyard.yaml",
            "name: high\nlayers: [{name: low, images: 'oci://\(layers.host)/low/os', key: ../keys/lifeboot.pub}]")
        try layers.all.run(
            "sed -i 's,../keys,\(layers.all.folder)/keys,' high/boatyard.yaml; mkdir -p high/packages/own/tree/srv; echo own >high/packages/own/tree/srv/own"
        )
        try layers.write(
            "high/packages/own/package.yaml",
            "name: app/own\nversion: 2.0\nrequires: [system/tool, system/libc]\nartefact: {files: tree/}\n"
                + "finalize: [cat /usr/share/finalized /srv/own >/srv/both]")
        try layers.image("high", "5.0", "base: \(base)\npackages: [app/own, system/base]")
        return layers
    }

    private static func relationships(_ layers: PublishedLayers, _ layer: String) throws -> Set<String> {
        let bill = try JSONValue(parsing: Array(layers.all.run("cat out-\(layer)/sbom.spdx.json").utf8))
        var names: [String: String] = [:]
        for package in bill["packages"]?.elements ?? [] {
            names[package["SPDXID"]?.text ?? ""] =
                "\(package["name"]?.text ?? "") \(package["versionInfo"]?.text ?? "")"
        }
        return Set(
            (bill["relationships"]?.elements ?? []).map { entry in
                let ends = ["spdxElementId", "relatedSpdxElement"].map { names[entry[$0]?.text ?? ""] ?? "" }
                return "\(ends[0]) \(entry["relationshipType"]?.text ?? "") \(ends[1])"
            })
    }

    @Test("has its packages and its own, also three of them on each other; a raised base builds again what lies on it")
    func chain() throws {
        let layers = try Self.published()
        let high = try layers.build("high")
        try #require(high.status == 0, "\(high.text)")
        // What the base has is neither built nor laid again.
        #expect(high.text.contains("app/own 2.0: built") && !high.text.contains("system/"), "\(high.text)")
        #expect(try layers.packages("high") == ["system/base 1.0", "system/tool 1.0", "app/own 2.0"])
        #expect(try layers.content("srv/both", "high") == "finalized\nown\n")
        let release = try layers.content("etc/os-release", "high")
        #expect(release == "ID=test\nVERSION_ID=7\nIMAGE_ID=\"high\"\nIMAGE_VERSION=\"5.0\"\nNAME=\"high\"\n")
        let bill = try Self.relationships(layers, "high")
        #expect(bill.contains("high 5.0 GENERATED_FROM os 1.0"), "\(bill)")
        #expect(try layers.all.run("cat out-high/sbom.spdx.json").contains("low%2Fos&tag=1.0"))
        for name in ["app/own 2.0", "system/base 1.0", "system/tool 1.0"] {
            #expect(bill.contains("high 5.0 CONTAINS \(name)"), "\(bill)")
        }
        try layers.publish("high", "5.0")

        try layers.write(
            "top/boatyard.yaml",
            "name: top\nlayers: [{name: high, images: 'oci://\(layers.host)/high/os', key: \(layers.all.folder)/keys/lifeboot.pub}]"
        )
        try layers.image("top", "9", "base: {layer: high}\nsteps: [cat /srv/both >/srv/top]")
        let top = try layers.build("top")
        try #require(top.status == 0, "\(top.text)")
        #expect(try layers.packages("top") == ["system/base 1.0", "system/tool 1.0", "app/own 2.0"])
        #expect(try layers.content("srv/top", "top") == "finalized\nown\n")
        #expect(try layers.content("etc/os-release", "top").contains("IMAGE_ID=\"top\"\nIMAGE_VERSION=\"9\"\n"))
        #expect(try Self.relationships(layers, "top").contains("top 9 GENERATED_FROM os 5.0"))

        // Another version below changes nothing until somebody asks, and then what lies on it alone.
        try layers.all.run("sed -i 's/version: 1.0/version: 1.1/' low/packages/tool/package.yaml low/derivative.yaml")
        try #require(try layers.build("low").status == 0)
        try layers.publish("low", "1.1")
        let same = try layers.build("high", ["--locked"])
        #expect(same.status == 0 && !same.text.contains("building"), "\(same.text)")
        let lock = try layers.boatyard(["lock", "--update", "low"], "high")
        #expect(lock.status == 0 && lock.text.contains("low is 1.1, sha256:"), "\(lock.text)")
        let raised = try layers.build("high")
        #expect(raised.text.contains("image/high.finalize 0: building"), "\(raised.text)")
        #expect(!raised.text.contains("app/own 2.0: building"), "\(raised.text)")
        #expect(try layers.packages("high") == ["system/base 1.0", "system/tool 1.1", "app/own 2.0"])
        let untouched = try layers.build("top", ["--locked", "--offline"])
        #expect(untouched.status == 0 && !untouched.text.contains("building"), "\(untouched.text)")
    }

    @Test("takes packages that were built on parts of it, with their accounts and their entries in dpkg's list")
    func joined() throws {
        let layers = try Self.published()
        let place = try layers.publishPackages("low")
        try layers.all.run("sed -i \"s|name: low,|name: low, repository: '\(place)',|\" high/boatyard.yaml")
        try layers.write(
            "high/packages/pair/package.yaml",
            "name: app/pair\nversion: 1.0\nbuild:\n  from: {packages: [system/base]}\n  steps:\n    - |\n      "
                + PublishedLayers.installing("pair", 103))
        try layers.image("high", "5.0", "base: {layer: low}\npackages: [app/own, app/pair]")
        let built = try layers.build("high")
        try #require(built.status == 0, "\(built.text)")
        let accounts = try layers.content("etc/passwd", "high").split(separator: "\n").map { $0.prefix { $0 != ":" } }
        #expect(accounts.sorted() == ["pair", "root", "tool"])
        let status = try layers.content("var/lib/dpkg/status", "high").split(separator: "\n")
        #expect(status.filter { $0.hasPrefix("Package") } == ["Package: pair", "Package: sh", "Package: tool"])
        #expect(try layers.packages("high").count == 4)
        let bill = try Self.relationships(layers, "high")
        #expect(
            bill.contains("app/pair 1.0 CONTAINS pair 1") && bill.contains("system/tool 1.0 CONTAINS tool 1"), "\(bill)"
        )
        #expect(bill.contains("system/base 1.0 CONTAINS sh 1"), "\(bill)")
        // The lock is complete as it was written.
        let lock = try layers.boatyard(["lock"], "high")
        #expect(lock.text.contains("nothing has changed"), "\(lock.text)")
        // The same number for another account is an error with the lines to write.
        try layers.all.run("sed -i 's/:103:103:/:102:102:/' high/packages/pair/package.yaml")
        let clash = try layers.build("high")
        #expect(clash.status == 2 && clash.text.contains("Write accounts: {"), "\(clash.text)")
    }

    @Test(
        "takes what is built on its packages from the layer below in the versions that it has, or says that it cannot")
    func raised() throws {
        let layers = try Self.published()
        let place = try layers.publishPackages("low")
        try layers.all.run("sed -i \"s|name: low,|name: low, repository: '\(place)',|\" high/boatyard.yaml")
        try layers.write(
            "high/packages/pair/package.yaml",
            "name: app/pair\nversion: 1.0\nbuild:\n  from: {packages: [system/base]}\n  steps: [\"true\"]")
        try #require(try layers.boatyard(["lock"], "high").status == 0)
        try layers.all.run("sed -i 's/version: 1.0/version: 1.1/' low/packages/base/package.yaml low/derivative.yaml")
        try #require(try layers.build("low").status == 0)
        try layers.publish("low", "1.1")
        let missing = try layers.boatyard(["lock", "--update", "low"], "high")
        #expect(missing.status == 2 && missing.text.contains("the base has 1.1, and no layer below"), "\(missing.text)")
        _ = try layers.publishPackages("low")
        let found = try layers.boatyard(["lock", "--update", "low"], "high")
        #expect(found.status == 0 && found.text.contains("system/base is 1.1, sha256:"), "\(found.text)")
    }

    @Test("is refused with what there is, and a way out, where it is not there, not signed, or not what its tag says")
    func refused() throws {
        let layers = try Self.published("{layer: low, version: '>= 2'}")
        func lock(_ words: [String] = []) throws -> String {
            let outcome = try layers.boatyard(["lock"] + words, "high")
            #expect(outcome.status == 2, "\(outcome.text)")
            return outcome.text
        }
        #expect(try lock().contains("low >= 2: oci://\(layers.host)/low/os has no such version; there is 1.0."))
        #expect(try lock(["--offline"]).contains("--offline asks nobody"))
        try layers.publish("low", "2.1")
        #expect(try lock().contains("the image there says that its version is 1.0"))
        try layers.all.run("sed -i 's/version: 1.0/version: 2.2/' low/derivative.yaml")
        try #require(try layers.build("low").status == 0)
        try layers.publish("low", "2.2", ["--with-container", "oci:twin-low", "--key", "other/lifeboot.key"])
        #expect(try lock().contains("none of the keys"))
        try layers.publish("low", "2.3", ["--key", "keys/lifeboot.key"])
        #expect(try lock().contains("it is not an image with a container twin beside it"))
        try layers.all.run("sed -i 's,/low/os,/low/none,' high/boatyard.yaml")
        #expect(try lock().contains("has no tag that is a version"))
        // That nobody answers is not that there is none.
        try layers.all.run("sed -i 's,//\(layers.host)/,//127.0.0.1:\(try LoopbackPort.free())/,' high/boatyard.yaml")
        let silent = try lock()
        #expect(!silent.contains("no tag") && !silent.contains("no such version"), "\(silent)")
        #expect(try layers.all.run("ls high").contains("boatyard.lock") == false)
    }

    @Test("without any signature is refused until somebody signs it as the error says")
    func unsigned() throws {
        let layers = try Self.published("{layer: low, version: '>= 1.1'}")
        try layers.all.run("sed -i 's/version: 1.0/version: 1.1/' low/derivative.yaml")
        try #require(try layers.build("low").status == 0)
        try layers.publish("low", "1.1", ["--with-container", "oci:twin-low"])
        let refused = try layers.boatyard(["lock"], "high")
        #expect(refused.status == 2 && refused.text.contains("does not cover the twin"), "\(refused.text)")
        #expect(refused.text.contains("'boatyard sign oci://\(layers.host)/low/os:1.1 --key KEY'"), "\(refused.text)")
        let sign = try layers.run(["sign", "oci://\(layers.host)/low/os:1.1", "--key", "keys/lifeboot.key"])
        #expect(sign.status == 0)
        let lock = try layers.boatyard(["lock"], "high")
        #expect(lock.status == 0 && lock.text.contains("low is 1.1, "), "\(lock.text)")
        // A package of the base does not become another one.
        try layers.image("high", "5.0", "base: {layer: low}\npackages: [system/tool >= 3]")
        let replaced = try layers.build("high")
        #expect(replaced.text.contains("a package of the base stays as it is"), "\(replaced.text)")
    }
}
