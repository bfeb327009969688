{
  description = "Judges a NixOS image against its contract, as a check and as an app";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
    # The source of check-image: a fork, a tag or a path.
    check-image = {
      url = "path:../..";
      flake = false;
    };
  };

  outputs =
    {
      self,
      nixpkgs,
      check-image,
    }:
    let
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.${system};
      # Your image; any package or path that holds one file.
      image = "${self.nixosConfigurations.node.config.system.build.image}/node.raw";
    in
    {
      packages.${system}.check-image = pkgs.buildNpmPackage {
        pname = "check-image";
        version = (nixpkgs.lib.importJSON "${check-image}/package.json").version;
        src = check-image;
        npmDeps = pkgs.importNpmLock { npmRoot = check-image; };
        npmConfigHook = pkgs.importNpmLock.npmConfigHook;
      };

      apps.${system}.default = {
        type = "app";
        program = "${self.packages.${system}.check-image}/bin/check-image";
      };

      # nix flake check: the image is built, judged, and the reports are the result.
      checks.${system}.contract = pkgs.runCommand "contract" { } ''
        mkdir $out
        ${self.packages.${system}.check-image}/bin/check-image ${image} --output json=$out/report.json --output html=$out/report.html
      '';
    };
}
