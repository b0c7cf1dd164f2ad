import JSONText
import PackageModel
import PackageSpecs
import SystemPackage
import Testing

@Suite("package.yaml")
struct PackageFileTests {
    @Test("a file with everything is read")
    func everything() throws {
        let package = try SpecReading.package(
            """
            description: Tells the tide
            license: Apache-2.0 WITH LLVM-exception
            homepage: https://tide.example/
            labels: {team: harbour, link: "${name}"}
            hidden: true
            architectures: [amd64, arm64]
            requires: ["system/base >= 12, < 13"]
            conflicts: [app/ebb]
            provides: ["app/clock = 3"]
            build:
              from: {image: "docker.io/library/debian:12", packages: [system/base]}
              steps: ["echo $HOME"]
            finalize: [systemctl enable tide]
            """)
        #expect("\(package.name) \(package.version) \(package.architecture)" == "app/tide 1.2 amd64")
        #expect(package.folder == "packages/tide" && "\(package.place)" == "packages/tide/package.yaml:2:7")
        let text = String(decoding: JSONValue.object(package.metadata.json).serialized(), as: UTF8.self)
        #expect(
            text
                == #"{"name":"app/tide","version":"1.2","architecture":"amd64","requires":["system/base >= 12, < 13"],"#
                + #""conflicts":["app/ebb"],"provides":["app/clock = 3"],"finalize":["systemctl enable tide"],"#
                + #""hidden":true,"description":"Tells the tide","#
                + #""license":"Apache-2.0 WITH LLVM-exception","homepage":"https://tide.example/","#
                + #""labels":{"link":"app/tide","team":"harbour"}}"#)
        #expect("\(package.requires[0].place)" == "packages/tide/package.yaml:10:12")
        #expect(package.finalize.map(\.value) == ["systemctl enable tide"] && !package.isVirtual)
    }

    @Test(
        "a file that is no package says what is wrong, and where",
        arguments: [
            ("", "1:1: there is nothing in it"),
            ("[]", "1:1: the package must be a mapping"),
            ("name: a/b\nformat: 1", "1:1: the first key must be 'format: 1'"),
            ("format: 2\nnew: 1", "1:9: format 2 is not known, only 1"),
            ("format: one", "1:9: format must be a whole number"),
            ("format: 1\nname: a/b", "1:1: the package needs name and version"),
            ("format: 1\nname: Base\nversion: 1", "2:7: 'Base': it is not of the form category/name"),
            ("format: 1\nname: a/b\nversion: v1", "3:10: 'v1': it is not of Debian's form"),
            (
                "format: 1\nname: a/b\nversion: 1\nbuild: {from: nothing, step: [a]}",
                "4:24: unknown key 'step' (did you mean 'steps'?)"
            ),
            ("format: 1\nname: a/b\nversion: 1\nrequires: [b]", "4:12: 'b': it is not of the form category/name"),
            ("format: 1\nname: a/b\nversion: 1\nrequires: [a/c >> 1]", "4:12: '>> 1': '>> 1' is no condition"),
            ("format: 1\nname: a/b\nversion: 1\nlicense: 'A; B'", "4:10: 'A; B' must be an SPDX expression"),
            ("format: 1\nname: a/b\nversion: 1\nhomepage: tide.example", "4:11: 'tide.example' must be an address"),
            ("format: 1\nname: a/b\nversion: 1\nhidden: yes", "4:9: hidden must be true or false"),
            ("format: 1\nname: a/b\nversion: 1\ndescription: \"a\\nb\"", "4:14: description must be one line"),
            (
                "format: 1\nname: a/b\nversion: 1\narchitectures: [x86_64]",
                "4:17: 'x86_64' is no architecture (did you mean 'amd64'?)"
            ),
            ("format: 1\nname: a/b\nversion: 1\narchitectures: [all, amd64]", "4:16: 'all' stands alone"),
            ("format: 1\nname: a/${version}\nversion: 1", "2:7: ${version} is not known here"),
            ("format: 1\nname: a/b\nversion: 1\ndescription: ${HOME}", "4:14: there is no ${HOME}"),
            ("format: 1\nname: a/b\nversion: 1\nvalues: {x y: 1}", "4:10: 'x y' must be the name of a value"),
            (
                "format: 1\nname: a/b\nversion: 1\nvalues: {x: '${values.y}'}",
                "4:13: no value can be put in here, only ${env:NAME}"
            ),
        ])
    func refused(text: String, reason: String) {
        let words = SpecReading.words { _ = try SpecReading.packages(text) }
        #expect(words.hasPrefix("reading packages/tide/package.yaml:\(reason)"), "\(words)")
    }

    @Test("versions that look like numbers keep their form")
    func numbers() throws {
        #expect(
            try SpecReading.packages("format: 1\nname: a/b\nversion: 1.10\nrequires: [a/c]").packages[0].version
                .description == "1.10")
    }

    @Test("a package for other architectures is left out, and one for all is read once")
    func architectures() throws {
        let rest = "requires: [a/b]\narchitectures: [arm64]"
        let reading = try SpecReading.packages(SpecReading.head + rest)
        #expect(reading.packages.isEmpty)
        #expect(reading.elsewhere.map(\.identity) == ["app/tide 1.2"])
        #expect(reading.elsewhere.map(\.architectures) == [["arm64"]])
        #expect(try SpecReading.package(rest, SpecContext(architecture: "arm64")).architecture == "arm64")
        #expect(try SpecReading.package("requires: [a/b]\narchitectures: [all]").architecture == "all")
        let words = SpecReading.words {
            _ = try SpecReading.package("requires: [{item: a/b, when: {arch: amd64}}]\narchitectures: [all]")
        }
        #expect(words.contains("5:1: a package for all architectures has no conditions on arch"), "\(words)")
    }
}
