import LinuxSystem
import SystemPackage

/// The files of the layer that the real program builds.
enum LayerSources {
    private static let files: [(name: String, text: String)] = [
        (
            "boatyard.yaml",
            "format: 1\nname: little\nvalues: {image: set-by-the-test, word: hello}\naccounts: {tide: 102}\n"
        ),
        (
            "packages/base/package.yaml",
            """
            format: 1
            name: system/base
            version: 1.0
            description: Busybox
            artefact: {files: tree/}
            """
        ),
        ("packages/base/tree/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"),
        ("packages/base/tree/etc/group", "root:x:0:\n"),
        (
            "packages/low/package.yaml",
            """
            format: 1
            name: app/low
            version: 1.0
            requires: [system/base]
            build:
              from: {packages: [system/base]}
              secrets: [{name: token, environment: LAYER_TEST_SECRET}]
              prepare: ["echo not content >/etc/prepared"]
              steps:
                - mkdir -p /usr/share; grep -v '^#' /build/text >/usr/share/low; echo ${values.word} >>/usr/share/low
                - ip -o link >/usr/share/net; id -u >/usr/share/id; umask >>/usr/share/id; pwd >>/usr/share/id
                - echo $SOURCE_DATE_EPOCH $HOME $TZ >>/usr/share/id; cat /etc/prepared /build/text | wc -l >>/usr/share/id
                - id tide >>/usr/share/id
                - wc -c </run/secrets/token >/usr/share/length
            split: [{name: app/low-net, include: [/usr/share/net]}]
            """
        ),
        ("packages/low/text", "# a remark\nthe text\n"),
        (
            "packages/mid/package.yaml",
            """
            format: 1
            name: app/mid
            version: 1.0
            build:
              from: {packages: [app/low]}
              copy: [{package: app/side, source: /srv, destination: /usr/share/copied}]
              steps: [cp -p /build/run /usr/share/run; cp /usr/share/low /usr/share/mid]
            """
        ),
        ("packages/mid/run", "echo run\n"),
        (
            "packages/top/package.yaml",
            """
            format: 1
            name: app/top
            version: 1.0
            build:
              from: {packages: [app/mid, app/low]}
              steps: ["mkdir -p /output/opt; ls -l /usr/share/run | cut -c1-10 >/output/opt/top"]
            artefact: {directory: /output}
            """
        ),
        (
            "packages/side/package.yaml",
            """
            format: 1
            name: app/side
            version: 1.0
            build:
              from: {image: "${values.image}"}
              steps: ["mkdir /srv; cp /etc/release /srv/side"]
            """
        ),
        (
            "packages/file/package.yaml",
            """
            format: 1
            name: app/file
            version: 1.0
            build: {containerfile: Containerfile}
            """
        ),
        (
            "packages/file/Containerfile",
            """
            FROM ${values.image} AS tools
            RUN echo made >/made
            FROM ${values.image}
            COPY --from=tools /made /srv/made
            COPY text /srv/text
            """
        ),
        ("packages/file/text", "from the folder\n"),
        (
            "packages/tools/package.yaml",
            """
            format: 1
            name: app/tools
            version: 1.0
            build:
              from: {package: app/low, stage: build}
              steps: [cp /etc/prepared /usr/share/tools]
            """
        ),
    ]

    /// Writes `layer`, and `image`, an OCI layout with one image.
    static func write(into folder: FilePath) throws {
        for (name, text) in files {
            let path = folder.appending("layer").pushing(FilePath(name))
            try Folders.make(path.removingLastComponent())
            try AtomicFile.write(Array((text.hasSuffix("\n") ? text : "\(text)\n").utf8), to: path)
        }
        let script = """
            mkdir layer/packages/base/tree/bin layer/packages/base/tree/tmp
            cp /bin/busybox layer/packages/base/tree/bin/busybox
            for name in sh cat cp echo grep id ip ls mkdir rm sleep test touch wc wget cut; do
              ln -s busybox layer/packages/base/tree/bin/$name
            done
            mkdir -p tree/etc; cp -a layer/packages/base/tree/bin tree/bin
            \(image("one"))
            chmod 755 .
            """
        _ = try ChildProcess.run("/bin/sh", ["-ec", script], directory: folder, timeout: .seconds(60))
            .requireSuccess()
    }

    /// The script that makes the image, and moves its tag at once; only its release differs.
    static func image(_ release: String) -> String {
        """
        test -d tree || { mkdir -p tree/etc; cp -a layer/packages/base/tree/bin tree/bin; }
        echo \(release) >tree/etc/release
        rm -rf new
        if test -d image; then cp -a image new; else umoci init --layout new; fi
        umoci new --image new:\(release)
        umoci unpack --image new:\(release) new.bundle
        cp -a tree/. new.bundle/rootfs/
        umoci repack --image new:\(release) new.bundle; rm -r new.bundle
        umoci tag --image new:\(release) latest
        chmod -R a+rX new; mkdir -p image/blobs
        cp -a --no-clobber new/blobs/. image/blobs/; cp -a new/oci-layout image/; mv new/index.json image/
        """
    }
}
